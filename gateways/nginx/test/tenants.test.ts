// Several tenants in one nginx: each by its host or its path, with keys and origins of its own.
import { createServer } from 'node:http'
import { once } from 'node:events'
import { describe, expect, it, onTestFinished } from 'vitest'
import { gatewayKeysOf } from '../../../packages/reference-handler/src/cli/gateway-keys.ts'
import { gatewaySettingsOf } from '../../../packages/reference-handler/src/cli/gateway-settings.ts'
import { parseTenants } from '../../../packages/reference-handler/src/configuration/tenants.ts'
import { sealerOf } from '../../../packages/reference-handler/src/sealing/configured-sealer.ts'
import { requestText, sendRaw } from '../../../packages/reference-handler/test/hosts/raw-http.ts'
import { validInput } from '../../../packages/reference-handler/test/configuration/valid-configuration.ts'
import { findFreePorts, portOf } from '../../../two-users/src/ports.ts'
import { startNginx } from '../src/nginx.ts'
import { isPluginMissing } from '../src/programs.ts'

describe.skipIf(isPluginMissing())('nginx with several tenants', () => {
  it('opens the cookies of a tenant for that tenant only', async () => {
    const api = createServer((_request, response) => response.end('here'))
    await once(api.listen(0, '127.0.0.1'), 'listening')
    onTestFinished(() => void api.close())
    const upstream = `http://127.0.0.1:${portOf(api.address())}`
    const tenant = (id: string, place: { host: string; path?: string }) => ({
      ...validInput,
      ...place,
      client: { ...validInput.client, id },
      agentPath: `${place.path ?? ''}/oauth-agent`,
      routes: [{ path: `${place.path ?? ''}/api`, upstream }],
    })
    const configuration = parseTenants({
      tenants: [
        tenant('shop', { host: 'shop.example', path: '/shop' }),
        tenant('bank', { host: 'bank.example' }),
      ],
    })
    const deployment = { kind: 'tenants', configuration } as const
    const [port = 0] = await findFreePorts(1)
    const nginx = await startNginx({
      ports: [port],
      settings: gatewaySettingsOf(deployment),
      keys: gatewayKeysOf(deployment),
      http: `server {
        listen 127.0.0.1:${port};
        include token-handler/server.conf;
        location / { include token-handler/proxy.conf; }
      }`,
    })
    onTestFinished(nginx.stop)

    const sealed = await Promise.all(
      configuration.tenants.map(({ configuration }) =>
        sealerOf(configuration, {}).seal('proxy', ['t', 1, null]),
      ),
    )
    const statusOf = async (host: string, path: string, cookie = '') => {
      const lines = [
        `Host: ${host}`,
        'Token-Handler-Version: 1',
        `Cookie: __Host-Http-th-at=${cookie}`,
      ]
      const text = requestText('GET', path, [...lines, 'Connection: close'])
      return (await sendRaw(port, text)).status
    }
    const [shop, bank] = sealed
    expect(await statusOf('shop.example', '/shop/api', shop)).toBe(200)
    expect(await statusOf('BANK.example:8443', '/api', bank)).toBe(200)
    expect(await statusOf('shop.example', '/shop/api', bank)).toBe(401)
    expect(await statusOf('bank.example', '/api', shop)).toBe(401)
    expect(await statusOf('shop.example', '/api', shop)).toBe(404)
    expect(await statusOf('bank.example', '/shop/api', shop)).toBe(404)
    expect(await statusOf('elsewhere.example', '/api', bank)).toBe(404)
  })

  it('lets no API of one tenant set the cookies of another', async () => {
    const planted = ['shop-at=a', 'BANK-session=a', '=bank-at=a', 'theme=dark']
    const api = createServer((_request, response) => {
      response.setHeader('set-cookie', planted)
      response.end('here')
    })
    await once(api.listen(0, '127.0.0.1'), 'listening')
    onTestFinished(() => void api.close())
    const upstream = `http://127.0.0.1:${portOf(api.address())}`
    const tenant = (id: string) => ({
      ...validInput,
      path: `/${id}`,
      client: { ...validInput.client, id },
      cookies: { ...validInput.cookies, prefix: id },
      agentPath: `/${id}/oauth-agent`,
      routes: [{ path: `/${id}/api`, upstream }],
      host: 'www.example',
    })
    const configuration = parseTenants({ tenants: [tenant('shop'), tenant('bank')] })
    const deployment = { kind: 'tenants', configuration } as const
    const [port = 0] = await findFreePorts(1)
    const nginx = await startNginx({
      ports: [port],
      settings: gatewaySettingsOf(deployment),
      keys: gatewayKeysOf(deployment),
      http: `server {
        listen 127.0.0.1:${port};
        include token-handler/server.conf;
        location / { include token-handler/proxy.conf; }
      }`,
    })
    onTestFinished(nginx.stop)
    const [shop] = configuration.tenants
    if (shop === undefined) throw new Error('There are two.')
    const sealed = await sealerOf(shop.configuration, {}).seal('proxy', ['t', 1, null])
    const lines = ['Host: www.example', 'Token-Handler-Version: 1', `Cookie: shop-at=${sealed}`]
    const text = requestText('GET', '/shop/api', [...lines, 'Connection: close'])
    expect((await sendRaw(port, text)).headers['set-cookie']).toEqual(['theme=dark'])
  })
})
