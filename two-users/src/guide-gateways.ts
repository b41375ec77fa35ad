// The configurations of the guide, made to run on this machine: free ports, and a certificate of their own.
import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { chmod, mkdir, writeFile } from 'node:fs/promises'
import { promisify } from 'node:util'
import { findFreePorts } from './ports.ts'
import { startProgram } from './programs.ts'
import type { Running } from './programs.ts'

const read = (guide: string) =>
  readFileSync(new URL(`../../docs/${guide}.md`, import.meta.url), 'utf8')
const guides = [read('deployment'), read('gateways')].join('\n')

/** The blocks of the guide in the language of a program. */
export const blocksOf = (language: string): readonly string[] =>
  [...guides.matchAll(/^```(\w+)[^\n]*\n([\s\S]*?)^```$/gm)].flatMap(([, name, code = '']) =>
    name === language ? [code] : [],
  )

const isRoot = process.getuid?.() === 0

/** What a program is started with. */
interface Setup {
  readonly text: string
  readonly parameters: readonly string[]
}

export interface GuideGateway {
  readonly name: string
  readonly program: string
  readonly isTls: boolean
  /** What of the block lets a long `Cookie` through, where the default does not. */
  readonly headerSize?: RegExp
  readonly configure: (block: string, port: number, folder: string) => Setup
  /** Of the guide. */
  readonly block: string
}

const [nginxSite = '', nginxUpstream = ''] = blocksOf('nginx')
export { nginxUpstream }

/** Around a block that belongs into the `http` context of nginx. */
export const nginxText = (block: string, folder: string): string => {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
  return `${isRoot ? 'user root;' : ''} daemon off; pid ${folder}/pid; error_log ${folder}/errors;
    events {}
    http {
      access_log off;
      ${temporary.map((kind) => `${kind}_temp_path ${folder}/${kind};`).join('\n')}
      ${block}
    }`
}

const apacheModules = [
  ...['mpm_event', 'authz_core', 'headers', 'proxy', 'proxy_http', 'proxy_wstunnel'],
]

export const guideGateways: readonly GuideGateway[] = [
  {
    name: 'nginx',
    program: 'nginx',
    isTls: true,
    headerSize: /large_client_header_buffers.*/,
    block: nginxSite,
    configure(block, port, folder) {
      const text = block
        .replace('listen 443', `listen 127.0.0.1:${port}`)
        .replace(/\/etc\/nginx\/tls\/[\w.]+\.crt/, `${folder}/crt`)
        .replace(/\/etc\/nginx\/tls\/[\w.]+\.key/, `${folder}/key`)
        .replace('/srv/app', folder)
      const parameters = ['-e', `${folder}/errors`, '-c', `${folder}/configuration`]
      return { text: nginxText(text, folder), parameters }
    },
  },
  {
    name: 'Apache',
    program: 'apache2',
    isTls: false,
    headerSize: /LimitRequestFieldSize.*/,
    block: blocksOf('apache').join('\n'),
    configure: (block, port, folder) => ({
      text: `${apacheModules.map((name) => `LoadModule ${name}_module /usr/lib/apache2/modules/mod_${name}.so`).join('\n')}
ServerName www.example.com
${isRoot ? 'User www-data\nGroup www-data' : ''}
DefaultRuntimeDir ${folder}
PidFile ${folder}/pid
ErrorLog ${folder}/errors
Listen 127.0.0.1:${port}
${block}`,
      parameters: ['-d', folder, '-f', `${folder}/configuration`, '-D', 'FOREGROUND'],
    }),
  },
  {
    name: 'HAProxy',
    program: 'haproxy',
    isTls: true,
    block: blocksOf('haproxy').join('\n'),
    configure: (block, port, folder) => ({
      text: block
        .replace('bind :443', `bind 127.0.0.1:${port}`)
        .replace(/\/etc\/haproxy\/[\w.]+\.pem/, `${folder}/pem`),
      parameters: ['-f', `${folder}/configuration`, '-db'],
    }),
  },
  {
    name: 'Varnish',
    program: 'varnishd',
    isTls: false,
    block: blocksOf('vcl').join('\n'),
    configure: (block, port, folder) => ({
      text: block,
      parameters: [
        ...['-F', '-n', folder, '-f', `${folder}/configuration`, '-j', 'none'],
        ...['-a', `127.0.0.1:${port}`, '-p', /`-p (http_req_hdr_len=\w+)`/.exec(guides)?.[1] ?? ''],
      ],
    }),
  },
  {
    name: 'Caddy',
    program: 'caddy',
    isTls: true,
    block: blocksOf('caddy').join('\n'),
    configure: (block, port, folder) => ({
      text: `{
  admin off
  auto_https disable_redirects
}
${block.replace('www.example.com {', `https://www.example.com:${port} {\n  bind 127.0.0.1\n  tls ${folder}/crt ${folder}/key`)}`,
      parameters: ['run', '--config', `${folder}/configuration`, '--adapter', 'caddyfile'],
    }),
  },
]

/** Makes a certificate for the host of the guide: `crt`, `key`, and both in `pem`. */
async function writeCertificate(folder: string): Promise<void> {
  const files = ['-keyout', `${folder}/key`, '-out', `${folder}/crt`]
  const subject = ['-subj', '/CN=www.example.com', '-addext', 'subjectAltName=DNS:www.example.com']
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes']
  const command = ['req', '-x509', ...key, '-days', '1', ...subject, ...files]
  await promisify(execFile)('openssl', command)
  const [certificate, privateKey] = [readFileSync(`${folder}/crt`), readFileSync(`${folder}/key`)]
  await writeFile(`${folder}/pem`, Buffer.concat([certificate, privateKey]))
}

/**
 * Starts a gateway with a block of the guide.
 *
 * @param instances - ports of the handlers in place of the guide's
 */
export async function startGuideGateway(
  { program, configure }: Pick<GuideGateway, 'program' | 'configure'>,
  block: string,
  instances: readonly [number, number],
): Promise<Running & { readonly port: number }> {
  const [port = 0] = await findFreePorts(1)
  const local = block
    .replaceAll(/(?:127\.0\.0\.1|10\.0\.0\.1):3000/g, `127.0.0.1:${instances[0]}`)
    .replaceAll('10.0.0.2:3000', `127.0.0.1:${instances[1]}`)
    .replace('.port = "3000"', `.port = "${instances[0]}"`)
  const running = await startProgram(program, [port], async (folder) => {
    await chmod(folder, 0o755)
    await mkdir(`${folder}/logs`)
    await writeCertificate(folder)
    await writeFile(`${folder}/index.html`, 'the app')
    const { text, parameters } = configure(local, port, folder)
    await writeFile(`${folder}/configuration`, text)
    return parameters
  })
  return { port, ...running }
}
