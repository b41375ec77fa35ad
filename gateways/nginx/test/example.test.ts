// The example, which the guide quotes, runs as it stands, and the packages for opm and luarocks have all of its files.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { RequestListener } from 'node:http'
import { once } from 'node:events'
import { mkdir, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { describe, expect, it, onTestFinished } from 'vitest'
import { parseConfiguration } from '../../../packages/reference-handler/src/configuration/parse.ts'
import { sealerOf } from '../../../packages/reference-handler/src/sealing/configured-sealer.ts'
import { requestText, sendRaw } from '../../../packages/reference-handler/test/hosts/raw-http.ts'
import { validInput } from '../../../packages/reference-handler/test/configuration/valid-configuration.ts'
import { findFreePorts, portOf } from '../../../two-users/src/ports.ts'
import { filesOf } from '../src/gateway.ts'
import { pluginFolder, startNginx } from '../src/nginx.ts'
import { isPluginMissing } from '../src/programs.ts'

const read = (path: string) => readFileSync(new URL(`../${path}`, import.meta.url), 'utf8')
const site = read('example/site.conf')
const settings = read('example/token-handler.json')

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
    const guide = readFileSync(new URL('../../../docs/nginx.md', import.meta.url), 'utf8')
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
    const configuration = parseConfiguration({
      ...validInput,
      client: { ...validInput.client, redirectUri: 'https://www.example.com/callback' },
      trustedOrigins: ['https://www.example.com'],
    })
    const nginx = await startNginx({
      ports: [port],
      settings,
      keys: filesOf(configuration).keys,
      loads: false,
      http: (folder) =>
        site
          .replaceAll('/etc/nginx', folder)
          .replace('listen 443 ssl http2', `listen 127.0.0.1:${port}`)
          .replaceAll(/ssl_certificate.*/g, '')
          .replace('/srv/app', `${folder}/app`)
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
