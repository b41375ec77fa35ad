// Cookies that only the handler can read to the end: opaque access tokens, and sessions in its store. nginx asks once.
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import type { ConfigurationInput } from '../../../packages/reference-handler/src/configuration/schema.ts'
import { connectRedis } from '../../../packages/reference-handler/src/redis/index.ts'
import { sealerOf } from '../../../packages/reference-handler/src/sealing/configured-sealer.ts'
import { sealProxyCookie } from '../../../packages/reference-handler/src/sealing/proxy-cookie.ts'
import { startHandler } from '../../../packages/reference-handler/test/hosts/handler.ts'
import type { TestHandler } from '../../../packages/reference-handler/test/hosts/handler.ts'
import { requestText, sendRaw } from '../../../packages/reference-handler/test/hosts/raw-http.ts'
import {
  findObstacle,
  startRedis,
} from '../../../packages/reference-handler/test/redis/redis-server.ts'
import { noLog } from '../../../packages/reference-handler/test/support/no-log.ts'
import { issuer, metadata } from '../../../packages/reference-handler/test/support/provider.ts'
import { startGateway } from '../src/gateway.ts'
import type { Gateway } from '../src/gateway.ts'
import { isPluginMissing } from '../src/programs.ts'

const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url')
const inSeconds = (milliseconds: number) => Math.floor(milliseconds / 1000)

/** A JWT, longer than any cookie, which lives for so many seconds. */
const jwt = (seconds: number, claims: object = {}) =>
  [
    encode({ alg: 'ES256' }),
    encode({
      exp: inSeconds(Date.now()) + seconds,
      aud: 'orders',
      roles: 'x'.repeat(5000),
      ...claims,
    }),
    'signature',
  ].join('.')

const linesWith = (cookie: string) => [
  'Host: api.app.example',
  'Token-Handler-Version: 1',
  `Cookie: __Host-Http-th-at=${cookie}`,
  'Connection: close',
]

const ask = (port: number, cookie: string, target = '/api', method = 'GET') =>
  sendRaw(port, requestText(method, target, linesWith(cookie)))

describe.skipIf(isPluginMissing())('an opaque access token, in nginx', () => {
  /** What the authorization server answers to introspection, and how often it was asked. */
  const introspection = { asked: 0, status: 200, body: '' }
  let handler: TestHandler
  let gateway: Gateway

  beforeAll(async () => {
    const input: Partial<ConfigurationInput> = { introspection: { enabled: true } }
    handler = await startHandler(input, {
      fetch: async (url) => {
        if (url.endsWith('/.well-known/openid-configuration'))
          return Response.json({ ...metadata, introspection_endpoint: `${issuer}/introspect` })
        introspection.asked += 1
        const headers = { 'content-type': 'application/jwt' }
        return new Response(introspection.status === 204 ? null : introspection.body, {
          status: introspection.status,
          headers,
        })
      },
    })
    const agent = `http://127.0.0.1:${handler.port}`
    gateway = await startGateway(handler.configuration, {
      agent,
      workers: 2,
      change: (settings) => {
        const [route] = (settings as { routes: object[] }).routes
        const audience = { path: '/reports', audience: 'reports' }
        return { ...settings, routes: [route, { ...route, ...audience }] }
      },
    })
  })
  beforeEach(() => {
    handler.reset()
    Object.assign(introspection, { asked: 0, status: 200, body: jwt(3600) })
  })
  afterAll(async () => {
    await gateway?.stop()
    await handler?.close()
  })

  const seal = (accessToken: string) =>
    sealProxyCookie(sealerOf(handler.configuration, {}), { accessToken, issuedAt: Date.now() })

  /** How often nginx has asked the handler. */
  const questions = () =>
    handler.logText().split('"path":"/oauth-agent/gateway/access-token"').length - 1

  it('reaches the API as a JWT, for which the handler is asked once, by all workers together', async () => {
    const cookie = await seal('opaque one')
    const before = questions()
    for (let time = 0; time < 20; time += 1)
      expect((await ask(gateway.port, cookie)).status).toBe(200)
    expect(new Set(handler.upstreamRequests.map(({ headers }) => headers.authorization))).toEqual(
      new Set([`Bearer ${introspection.body}`]),
    )
    expect(introspection.asked).toBe(1)
    await expect.poll(() => questions() - before).toBe(1)
  })

  it('is known still after a reload', async () => {
    const cookie = await seal('opaque two')
    await ask(gateway.port, cookie)
    const before = questions()
    await gateway.take(handler.configuration)
    expect((await ask(gateway.port, cookie)).status).toBe(200)
    expect(questions()).toBe(before)
  })

  it('takes a body with it that the page is still sending', async () => {
    const lines = [...linesWith(await seal('opaque three')), 'Origin: https://www.app.example']
    const text = requestText('POST', '/api', [...lines, 'Content-Length: 4'])
    handler.answerWith((request, response) => request.pipe(response))
    expect((await sendRaw(gateway.port, `${text}body`)).body).toBe('body')
  })

  it('is asked about again when its JWT is over', async () => {
    const cookie = await seal('opaque four')
    introspection.body = jwt(2)
    expect((await ask(gateway.port, cookie)).status).toBe(200)
    introspection.body = jwt(3600, { later: true })
    const sent = async () => {
      await ask(gateway.port, cookie)
      return handler.upstreamRequests.at(-1)?.headers.authorization
    }
    await expect.poll(sent, { timeout: 30_000 }).toBe(`Bearer ${introspection.body}`)
  })

  it('that is not active any more, is refused, and not asked about by whoever has a JWT', async () => {
    introspection.status = 204
    const answer = await ask(gateway.port, await seal('gone'))
    expect(answer.status).toBe(401)
    expect(answer.headers['www-authenticate']).toEqual(['Bearer error="invalid_token"'])
    const before = introspection.asked
    expect(
      (
        await ask(
          gateway.port,
          await seal(['{}', '{}', ''].map((part) => encode([part])).join('.')),
        )
      ).status,
    ).toBe(401)
    expect((await ask(gateway.port, await seal(`${encode({})}.${encode({})}.x`))).status).toBe(200)
    expect(introspection.asked).toBe(before + 1)
  })

  it('is not known while the authorization server gives no answer: 503, and the next one is asked', async () => {
    const cookie = await seal('opaque five')
    introspection.status = 500
    const answer = await ask(gateway.port, cookie)
    expect(answer.status).toBe(503)
    expect(answer.body).toBe('{"error_code":"temporarily_unavailable"}')
    expect(answer.headers['retry-after']).toEqual(['1'])
    introspection.status = 200
    await expect.poll(async () => (await ask(gateway.port, cookie)).status).toBe(200)
  })

  it('is judged by the audience of its JWT', async () => {
    const cookie = await seal('opaque six')
    const gatewayOfBoth = await startGateway(handler.configuration, {
      agent: `http://127.0.0.1:${handler.port}`,
      change: (settings) => {
        const [route] = (settings as { routes: object[] }).routes
        const routes = ['orders', 'reports'].map((audience) => ({
          ...route,
          path: `/${audience}`,
          audience,
        }))
        return { ...settings, routes }
      },
    })
    onTestFinished(gatewayOfBoth.stop)
    expect((await ask(gatewayOfBoth.port, cookie, '/orders')).status).toBe(200)
    expect((await ask(gatewayOfBoth.port, cookie, '/reports')).status).toBe(401)
  })

  it('needs the handler once: 503 while nobody answers, and error.log says why', async () => {
    const alone = await startGateway(handler.configuration, { agent: 'http://127.0.0.1:1' })
    onTestFinished(alone.stop)
    expect((await ask(alone.port, await seal('opaque seven'))).status).toBe(503)
    expect(alone.errorLog()).toContain(
      'token-handler: the handler cannot be asked: connection refused',
    )
  })

  it('says in error.log when the handler has other secrets', async () => {
    const { cookies } = handler.configuration
    const secrets = ['a secret that only the gateway has, and no handler', ...cookies.secrets]
    const other = await startGateway(
      { ...handler.configuration, cookies: { ...cookies, secrets } },
      { agent: `http://127.0.0.1:${handler.port}` },
    )
    onTestFinished(other.stop)
    expect((await ask(other.port, await seal('opaque eight'))).status).toBe(503)
    expect(other.errorLog()).toContain(
      'the handler answered 404: has it the secrets of the key file?',
    )
  })
})

describe.skipIf(isPluginMissing() || findObstacle() !== undefined)('a session in the store', () => {
  it('is opened by the handler, once, and has its access token sent to the API', async () => {
    const redis = await startRedis()
    onTestFinished(redis.stop)
    const settings = { url: redis.url, prefix: 'th:' }
    const store = await connectRedis({ ...settings, password: undefined }, noLog)
    onTestFinished(store.close)
    const session = { store: 'redis', idleTimeout: 3600 } as const
    const handler = await startHandler({ redis: settings, session }, { store })
    onTestFinished(handler.close)
    const agent = `http://127.0.0.1:${handler.port}`
    const gateway = await startGateway(handler.configuration, { agent })
    onTestFinished(gateway.stop)

    const sealer = sealerOf(handler.configuration, { store, now: Date.now })
    const accessToken = 'x'.repeat(9000)
    const cookie = await sealProxyCookie(sealer, { accessToken, issuedAt: Date.now() })
    expect(cookie.length).toBeLessThan(300)
    for (let time = 0; time < 3; time += 1)
      expect((await ask(gateway.port, cookie)).status).toBe(200)
    expect(handler.upstreamRequests[2]?.headers.authorization).toBe(`Bearer ${accessToken}`)
    redis.signal('SIGSTOP')
    expect((await ask(gateway.port, cookie)).status).toBe(200)
    redis.signal('SIGCONT')
    await sealer.retire?.('proxy', cookie, 0)
    const fresh = await startGateway(handler.configuration, { agent })
    onTestFinished(fresh.stop)
    const other = await sealProxyCookie(sealer, { accessToken, issuedAt: Date.now() })
    await sealer.retire?.('proxy', other, 0)
    expect((await ask(fresh.port, other)).status).toBe(401)
  })
})
