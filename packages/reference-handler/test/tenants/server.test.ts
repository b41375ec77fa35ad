// Several tenants on one server, over HTTP.
import { createServer as createHttpServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, it, onTestFinished } from 'vitest'
import { parseTenants } from '../../src/configuration/tenants.ts'
import { createTenantServer } from '../../src/hosts/fastify/create-tenant-server.ts'
import { createLogger } from '../../src/hosts/node/logger.ts'
import { sealerOf } from '../../src/sealing/configured-sealer.ts'
import { sealProxyCookie } from '../../src/sealing/proxy-cookie.ts'
import { createTestAuthorizationServer } from '../support/authorization-server.ts'
import { send } from '../../../local-stack/test/visitor.ts'
import { tenantsInput } from './tenants-under-test.ts'

async function startApi(): Promise<string> {
  const api = createHttpServer((request, response) => {
    response.setHeader('set-cookie', ['__Host-Http-news-at=planted', 'theme=dark'])
    response.end(`${request.url} ${request.headers.authorization}`)
  })
  await new Promise<void>((listening) => api.listen(0, '127.0.0.1', listening))
  onTestFinished(() => void api.close())
  return `http://127.0.0.1:${(api.address() as AddressInfo).port}`
}

it('each host and path has its agent, its routes and its trusted page', async () => {
  const upstream = await startApi()
  const { fetch } = await createTestAuthorizationServer({ now: Date.now })
  const configuration = parseTenants({
    server: { port: 0 },
    tenants: tenantsInput.tenants.map((tenant) => ({
      ...tenant,
      routes: tenant.routes.map((route) => ({ ...route, upstream })),
    })),
  })
  const server = createTenantServer(configuration, { fetch, logger: createLogger('silent') })
  onTestFinished(() => server.close())
  const address = await server.listen({ host: '127.0.0.1', port: 0 })

  for (const { host = '', path = '', configuration: own } of configuration.tenants) {
    const [origin = ''] = own.trustedOrigins
    const accessToken = `token-of-${own.client.id}`
    const cookie = await sealProxyCookie(sealerOf(own, {}), {
      accessToken,
      issuedAt: Date.now(),
    })
    const headers = {
      host,
      origin,
      'token-handler-version': '1',
      cookie: `${own.cookies.prefix}-at=${cookie}`,
    }
    const session = await send(`${address}${own.agentPath}/session`, { headers })
    expect(session).toMatchObject({ status: 200, body: '{"is_logged_in":false}' })
    expect(session.headers.get('access-control-allow-origin')).toBe(origin)

    const called = await send(`${address}${path}/api/orders?x=1`, { headers })
    expect(called).toMatchObject({ status: 200, body: `/orders?x=1 Bearer ${accessToken}` })
    expect(called.headers.getSetCookie(), 'nobody’s API plants cookies').toEqual(['theme=dark'])

    const elsewhere = { ...headers, host: 'api.unknown.example' }
    for (const place of [`${own.agentPath}/session`, `${path}/api/orders`]) {
      expect(await send(address + place, { headers: elsewhere })).toMatchObject({ status: 404 })
    }
  }
  expect(await send(`${address}/health`)).toMatchObject({ status: 200 })
  expect(await send(`${address}/ready`)).toMatchObject({ status: 200 })
})

it('only pages of the tenants of a host may read what the server itself answers there', async () => {
  const configuration = parseTenants({ server: { port: 0 }, ...tenantsInput })
  const server = createTenantServer(configuration, { logger: createLogger('silent') })
  onTestFinished(() => server.close())

  async function findReaders(host: string): Promise<readonly string[]> {
    const origins = ['shop', 'bank', 'news', 'mail'].map((name) => `https://www.${name}.example`)
    const readers: string[] = []
    for (const origin of origins) {
      const answer = await server.inject({ url: '/nowhere', headers: { host, origin } })
      expect(answer.statusCode).toBe(404)
      if (answer.headers['access-control-allow-origin'] === origin) readers.push(origin)
      else expect(answer.headers).not.toHaveProperty('access-control-allow-credentials')
    }
    return readers
  }
  expect(await findReaders('api.shop.example')).toEqual(['https://www.shop.example'])
  expect(await findReaders('API.bank.example:3000')).toEqual(['https://www.bank.example'])
  const group = ['https://www.news.example', 'https://www.mail.example']
  expect(await findReaders('api.group.example')).toEqual(group)
  expect(await findReaders('api.unknown.example')).toEqual([])
})

it('warns at the start of each setting of a tenant that is weaker than its default', async () => {
  let text = ''
  const logger = createLogger('warn', { write: (line) => void (text += line) })
  const [shop, ...others] = tenantsInput.tenants
  const weak = { ...shop, exposeErrorDetails: true }
  const configuration = parseTenants({ server: { port: 0 }, tenants: [weak, ...others] })
  await createTenantServer(configuration, { logger }).close()
  const lines = text.trimEnd().split('\n')
  expect(lines.map((line): unknown => JSON.parse(line))).toMatchObject([
    { level: 40, host: 'api.shop.example', setting: 'exposeErrorDetails' },
  ])
})
