// The configurations of the guide, made to run on this machine: free ports, and a certificate of their own.
import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { chmod, writeFile } from 'node:fs/promises'
import { promisify } from 'node:util'
import {
  apacheSetup,
  caddySetup,
  configurationIn,
  haproxySetup,
  nginxSetup,
  varnishSetup,
} from './configurations.ts'
import type { Setup } from './configurations.ts'
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
      return nginxSetup(text, folder)
    },
  },
  {
    name: 'Apache',
    program: 'apache2',
    isTls: false,
    headerSize: /LimitRequestFieldSize.*/,
    block: blocksOf('apache').join('\n'),
    configure: (block, port, folder) =>
      apacheSetup(['proxy_wstunnel'], `Listen 127.0.0.1:${port}\n${block}`, folder),
  },
  {
    name: 'HAProxy',
    program: 'haproxy',
    isTls: true,
    block: blocksOf('haproxy').join('\n'),
    configure: (block, port, folder) =>
      haproxySetup(
        block
          .replace('bind :443', `bind 127.0.0.1:${port}`)
          .replace(/\/etc\/haproxy\/[\w.]+\.pem/, `${folder}/pem`),
        folder,
      ),
  },
  {
    name: 'Varnish',
    program: 'varnishd',
    isTls: false,
    block: blocksOf('vcl').join('\n'),
    configure(block, port, folder) {
      const [, setting = ''] = /`-p (http_req_hdr_len=\w+)`/.exec(guides) ?? []
      return varnishSetup(block, [`127.0.0.1:${port}`], folder, [setting])
    },
  },
  {
    name: 'Caddy',
    program: 'caddy',
    isTls: true,
    block: blocksOf('caddy').join('\n'),
    configure(block, port, folder) {
      const site = `https://www.example.com:${port} {
  bind 127.0.0.1
  tls ${folder}/crt ${folder}/key`
      const global = '{\n  admin off\n  auto_https disable_redirects\n}\n'
      return caddySetup(global + block.replace('www.example.com {', site), folder)
    },
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
    await writeCertificate(folder)
    await writeFile(`${folder}/index.html`, 'the app')
    const { text, parameters } = configure(local, port, folder)
    await writeFile(configurationIn(folder), text)
    return parameters
  })
  return { port, ...running }
}
