// The example, which the guide quotes, runs as it stands, and the packages for opm and luarocks have all of its files.
import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { createServer } from 'node:http'
import type { RequestListener } from 'node:http'
import { once } from 'node:events'
import { createServer as createHttpsServer } from 'node:https'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TLSSocket } from 'node:tls'
import { fileURLToPath } from 'node:url'
import { describe, expect, it, onTestFinished } from 'vitest'
import { parseConfiguration } from '../../../packages/reference-handler/src/configuration/parse.ts'
import { sealerOf } from '../../../packages/reference-handler/src/sealing/configured-sealer.ts'
import { requestText, sendRaw } from '../../../packages/reference-handler/test/hosts/raw-http.ts'
import { validInput } from '../../../packages/reference-handler/test/configuration/valid-configuration.ts'
import { createCertificate } from '../../../packages/reference-handler/test/support/certificates.ts'
import { createDeferred } from '../../../packages/reference-handler/test/support/deferred.ts'
import { findFreePorts, portOf } from '../../../two-users/src/ports.ts'
import { filesOf } from '../src/gateway.ts'
import { pluginFolder, startNginx } from '../src/nginx.ts'
import { isPluginMissing } from '../src/programs.ts'

const read = (path: string) => readFileSync(new URL(`../${path}`, import.meta.url), 'utf8')
const site = read('example/site.conf')
const settings = read('example/token-handler.json')

/** The handler of the example. */
const siteInput = {
  ...validInput,
  client: { ...validInput.client, redirectUri: 'https://www.example.com/callback' },
  trustedOrigins: ['https://www.example.com'],
}

const guide = readFileSync(new URL('../../../docs/nginx.md', import.meta.url), 'utf8')

/** A block of the guide, by its title. */
function guideBlock(title: string): string {
  const [, block] = new RegExp('```\\w+ title="' + title + '"\\n([^]*?)```').exec(guide) ?? []
  if (block === undefined) throw new Error(`The guide has no block ${title}.`)
  return block
}

/** The site on a port of this machine, without TLS, and with its files in another folder. */
const localize = (text: string, folder: string, port: number) =>
  text
    .replaceAll('/etc/nginx', folder)
    .replace('listen 443 ssl http2', `listen 127.0.0.1:${port}`)
    .replaceAll(/ssl_certificate.*/g, '')
    .replace('/srv/app', `${folder}/app`)

const command = fileURLToPath(
  new URL('../../../packages/reference-handler/src/cli/main.ts', import.meta.url),
)

async function startServer(listener: RequestListener): Promise<number> {
  const server = createServer(listener)
  await once(server.listen(0, '127.0.0.1'), 'listening')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return portOf(server.address())
}

describe('the example', () => {
  it('stands in the guide as it is', () => {
    expect(guide).toContain(`\n${site}\`\`\`\n`)
    expect(guide).toContain(`\n${settings}\`\`\`\n`)
  })

  it.skipIf(isPluginMissing())('serves the SPA, the agent and two APIs', async () => {
    const echo = (name: string) =>
      startServer(({ url, headers }, response) => {
        response.end(JSON.stringify({ name, url, ...headers }))
      })
    const [orders, reports, handler] = [
      await echo('orders'),
      await echo('reports'),
      await echo('handler'),
    ]
    const [port = 0] = await findFreePorts(1)
    const configuration = parseConfiguration(siteInput)
    const nginx = await startNginx({
      ports: [port],
      settings,
      keys: filesOf(configuration).keys,
      loads: false,
      http: (folder) =>
        localize(site, folder, port)
          .replace('127.0.0.1:3002', `127.0.0.1:${orders}`)
          .replace('127.0.0.1:3003', `127.0.0.1:${reports}`)
          .replace('127.0.0.1:3000', `127.0.0.1:${handler}`),
    })
    onTestFinished(nginx.stop)
    await mkdir(`${nginx.folder}/app`)
    await writeFile(`${nginx.folder}/app/index.html`, 'the app')
    expect(await nginx.test()).toMatch(/test is successful/)

    const sealed = await sealerOf(configuration, {}).seal('proxy', ['token', 1, null])
    const ask = (target: string, method = 'GET') =>
      sendRaw(
        port,
        requestText(method, target, [
          'Host: www.example.com',
          'Origin: https://www.example.com',
          'Token-Handler-Version: 1',
          `Cookie: __Host-Http-th-at=${sealed}`,
          'Connection: close',
        ]),
      )
    expect((await ask('/some/page')).body).toBe('the app')
    expect(JSON.parse((await ask('/oauth-agent/session')).body)).toMatchObject({
      name: 'handler',
      url: '/oauth-agent/session',
    })
    const authorization = 'Bearer token'
    for (const [target, name, url] of [
      ['/api/a?b=c', 'orders', '/v1/a?b=c'],
      ['/api/events/1', 'orders', '/v1/events/1'],
      ['/reports/2033', 'reports', '/2033'],
    ] as const) {
      expect(JSON.parse((await ask(target)).body)).toMatchObject({
        name,
        url,
        authorization,
        host: name,
      })
    }
    expect((await ask('/reports', 'POST')).status).toBe(405)
    expect((await ask('/apis')).body).toBe('{"error_code":"not_found"}')
    expect((await ask('/api/..%2f..%2fadmin')).body).not.toContain('Bearer')
  })

  it('is installed by the commands of the guide, with the real command', async () => {
    const home = await mkdtemp(join(tmpdir(), 'token-handler-install-'))
    onTestFinished(() => rm(home, { recursive: true }))
    // The routes of the example; where a slow one goes is nginx's own affair.
    const { routes } = JSON.parse(settings)
    const withoutLocation = routes.map((route: object) =>
      Object.fromEntries(Object.entries(route).filter(([name]) => name !== 'location')),
    )
    await writeFile(
      `${home}/handler.json`,
      JSON.stringify({ ...siteInput, routes: withoutLocation }),
    )
    await writeFile(
      `${home}/token-handler`,
      `#!/bin/sh\nexec '${process.execPath}' --conditions=@token-handler/source '${command}' "$@"\n`,
      { mode: 0o755 },
    )
    const [install = '', ...rest] = guideBlock('install.sh').trim().split('\n')
    expect(install).toBe('apt-get install nginx libnginx-mod-http-lua')
    const script = rest
      .join('\n')
      .replaceAll('/etc/nginx', home)
      .replace('gateways/nginx/token-handler', pluginFolder)
      .replaceAll(/^token-handler /gm, `${home}/token-handler `)
      .replace(`${home}/token-handler\n`, `${home}/copied\n`)
      .replaceAll('--config handler.json', `--config ${home}/handler.json`)
    execFileSync('sh', ['-e', '-c', script], { cwd: home })
    expect(readdirSync(`${home}/copied`)).toEqual(readdirSync(pluginFolder))
    expect(JSON.parse(readFileSync(`${home}/token-handler.json`, 'utf8'))).toEqual({
      ...JSON.parse(settings),
      cookies: { prefix: '__Host-Http-th' },
      routes: withoutLocation,
    })
    const written = JSON.parse(readFileSync(`${home}/token-handler-keys.json`, 'utf8'))
    expect(written).toEqual(JSON.parse(JSON.stringify(filesOf(parseConfiguration(siteInput)).keys)))
    expect(statSync(`${home}/token-handler-keys.json`).mode & 0o777).toBe(0o600)
  })

  it.skipIf(isPluginMissing())(
    'asks the handler with the lines of the guide in place of its first',
    async () => {
      const asked = createDeferred<string>()
      const handler = await startServer(({ url = '' }, response) => {
        asked.resolve(url)
        response.writeHead(404).end()
      })
      const [port = 0] = await findFreePorts(1)
      const configuration = parseConfiguration({
        ...siteInput,
        redis: { url: 'redis://unused' },
        introspection: { enabled: true },
      })
      const { settings: generated, keys } = filesOf(configuration)
      const asking = guideBlock('asking.conf')
      const start = site.indexOf('lua_package_path')
      const whole = site.slice(0, start) + asking + site.slice(site.indexOf('# Names in'))
      const nginx = await startNginx({
        ports: [port],
        settings: { ...generated, routes: JSON.parse(settings).routes },
        keys,
        loads: false,
        http: (folder) =>
          localize(whole, folder, port).replace('127.0.0.1:3000', `127.0.0.1:${handler}`),
      })
      onTestFinished(nginx.stop)
      expect(await nginx.test()).toMatch(/test is successful/)
      expect(await asked.promise).toBe('/oauth-agent/gateway/ended-sessions')
      await expect
        .poll(nginx.errorLog, { timeout: 30_000 })
        .toContain('has it the secrets of the key file?')
    },
  )

  it.skipIf(isPluginMissing())(
    'has the certificates of a route in a location of the guide',
    async () => {
      const { certificateFile, keyFile } = createCertificate('api.internal')
      const listener: RequestListener = (request, response) => {
        const { subject } = (request.socket as TLSSocket).getPeerCertificate()
        response.end(JSON.stringify({ shown: subject?.CN }))
      }
      const [cert, key] = [readFileSync(certificateFile), readFileSync(keyFile)]
      const api = createHttpsServer(
        { cert, key, requestCert: true, rejectUnauthorized: false },
        listener,
      )
      await once(api.listen(0, '127.0.0.1'), 'listening')
      onTestFinished(() => {
        api.closeAllConnections()
        api.close()
      })
      const [port = 0] = await findFreePorts(1)
      const route = { path: '/api', upstream: `https://127.0.0.1:${portOf(api.address())}` }
      const secure = guideBlock('@secure')
        .replaceAll(/\/etc\/nginx\/tls\/[\w-]*key\.pem/g, keyFile)
        .replaceAll(/\/etc\/nginx\/tls\/[\w-]*\.pem/g, certificateFile)
      const configuration = parseConfiguration(siteInput)
      const nginx = await startNginx({
        ports: [port],
        settings: {
          trustedOrigins: siteInput.trustedOrigins,
          routes: [{ ...route, location: '@secure' }],
        },
        keys: filesOf(configuration).keys,
        loads: false,
        http: (folder) => `lua_package_path "${folder}/token-handler/lib/?.lua;;";
        init_by_lua_block {
          require("token_handler").load {
            settings = "${folder}/token-handler.json", keys = "${folder}/token-handler-keys.json",
            upstream_tls_verified = true,
          }
        }
        server {
          listen 127.0.0.1:${port};
          include token-handler/server.conf;
          location /api { include token-handler/proxy.conf; }
          ${secure.replace('api.internal', 'localhost')}
        }
        server {
          listen 127.0.0.1:${port};
          server_name other.example;
          include token-handler/server.conf;
          location /api { include token-handler/proxy.conf; }
          ${secure}
        }`,
      })
      onTestFinished(nginx.stop)
      const sealed = await sealerOf(configuration, {}).seal('proxy', ['token', 1, null])
      const ask = (host: string) =>
        sendRaw(
          port,
          requestText('GET', '/api', [
            `Host: ${host}`,
            'Token-Handler-Version: 1',
            `Cookie: __Host-Http-th-at=${sealed}`,
            'Connection: close',
          ]),
        )
      expect(JSON.parse((await ask('www.example.com')).body)).toMatchObject({
        shown: 'api.internal',
      })
      // The certificate is for another name.
      expect((await ask('other.example')).status).toBe(502)
    },
  )

  it('is packed whole', () => {
    const rock = read('lua-resty-token-handler-0.1.0-1.rockspec')
    const modules = readdirSync(`${pluginFolder}/lib`, {
      recursive: true,
      encoding: 'utf8',
    }).filter((file) => file.endsWith('.lua'))
    const listed = [...rock.matchAll(/= "gateways\/nginx\/token-handler\/lib\/([^"]+)"/g)].map(
      ([, file]) => file,
    )
    expect(new Set(listed)).toEqual(new Set(modules))
    const [, main = ''] = /main_module = (.*)/.exec(read('dist.ini')) ?? []
    expect(existsSync(fileURLToPath(new URL(`../${main}`, import.meta.url)))).toBe(true)
  })

  it('has files that are short, and whose first line says what lives there', () => {
    for (const file of readdirSync(`${pluginFolder}/lib`, { recursive: true, encoding: 'utf8' })) {
      if (!file.endsWith('.lua')) continue
      const text = readFileSync(`${pluginFolder}/lib/${file}`, 'utf8')
      expect([file, text.split('\n').length < 200, text.startsWith('-- ')]).toEqual([
        file,
        true,
        true,
      ])
    }
  })
})
