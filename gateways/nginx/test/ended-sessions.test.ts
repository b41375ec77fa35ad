// Sessions that are ended from elsewhere reach nginx by a feed of the handler: real nginx, real Redis, real handler.
import { createServer as createHttpServer } from 'node:http'
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import { createServer as createHttpsServer } from 'node:https'
import { readFileSync } from 'node:fs'
import { once } from 'node:events'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { endUserSessions } from '../../../packages/reference-handler/src/agent/end-user-sessions.ts'
import { gatewayKeysOf } from '../../../packages/reference-handler/src/cli/gateway-keys.ts'
import { gatewaySettingsOf } from '../../../packages/reference-handler/src/cli/gateway-settings.ts'
import type { Configuration } from '../../../packages/reference-handler/src/configuration/schema.ts'
import { parseTenants } from '../../../packages/reference-handler/src/configuration/tenants.ts'
import { createTenantServer } from '../../../packages/reference-handler/src/hosts/fastify/create-tenant-server.ts'
import { createLogger } from '../../../packages/reference-handler/src/hosts/node/logger.ts'
import { connectRedis } from '../../../packages/reference-handler/src/redis/index.ts'
import { sealerOf } from '../../../packages/reference-handler/src/sealing/configured-sealer.ts'
import { sealProxyCookie } from '../../../packages/reference-handler/src/sealing/proxy-cookie.ts'
import { marksOf } from '../../../packages/reference-handler/src/store/session-marks.ts'
import type { SharedStore } from '../../../packages/reference-handler/src/store/shared-store.ts'
import { validInput } from '../../../packages/reference-handler/test/configuration/valid-configuration.ts'
import { startHandler } from '../../../packages/reference-handler/test/hosts/handler.ts'
import type { TestHandler } from '../../../packages/reference-handler/test/hosts/handler.ts'
import { requestText, sendRaw } from '../../../packages/reference-handler/test/hosts/raw-http.ts'
import {
  findObstacle,
  startRedis,
} from '../../../packages/reference-handler/test/redis/redis-server.ts'
import type { RedisServer } from '../../../packages/reference-handler/test/redis/redis-server.ts'
import { createCertificate } from '../../../packages/reference-handler/test/support/certificates.ts'
import { noLog } from '../../../packages/reference-handler/test/support/no-log.ts'
import { findFreePorts, portOf } from '../../../two-users/src/ports.ts'
import { filesOf, startGateway } from '../src/gateway.ts'
import type { Gateway, GatewayOptions } from '../src/gateway.ts'
import { startNginx } from '../src/nginx.ts'
import { writtenByNginx } from '../src/nginx-log.ts'
import { isPluginMissing } from '../src/programs.ts'

/** On a machine that is busy, a second may be long. */
const HEARD = { timeout: 30_000, interval: 20 }

const isMissing = isPluginMissing() || findObstacle() !== undefined

describe.skipIf(isMissing)('a session that is ended from elsewhere', () => {
  let redis: RedisServer
  /** Of the instance that ends sessions, which is not the one that nginx asks. */
  let elsewhere: SharedStore
  let store: SharedStore
  let handler: TestHandler
  beforeAll(async () => {
    redis = await startRedis()
    const settings = { url: redis.url, prefix: 'th:' }
    store = await connectRedis({ ...settings, password: undefined }, noLog)
    elsewhere = await connectRedis({ ...settings, password: undefined }, noLog)
    handler = await startHandler({ redis: settings }, { store })
  }, 60_000)
  afterAll(async () => {
    await handler?.close()
    await Promise.all([store?.close(), elsewhere?.close()])
    await redis?.stop()
  })

  /** A gateway before the handler, or before what stands in its place. */
  async function gatewayOf(options: GatewayOptions = {}): Promise<Gateway> {
    const agent = `http://127.0.0.1:${handler.port}`
    const gateway = await startGateway(handler.configuration, { agent, workers: 2, ...options })
    onTestFinished(gateway.stop)
    return gateway
  }

  async function cookieOf(
    claims: { readonly sub: string; readonly sid?: string },
    startedAt = Date.now(),
    configuration: Configuration = handler.configuration,
  ): Promise<string> {
    const issuedAt = Date.now()
    return await sealProxyCookie(sealerOf(configuration, {}), {
      accessToken: `the access token of ${claims.sub}`,
      issuedAt,
      expiresAt: issuedAt + 3_600_000,
      session: await marksOf({ startedAt, claims: { ...claims } }),
    })
  }

  async function callWith(port: number, cookie: string) {
    const lines = ['Host: api.app.example', 'Token-Handler-Version: 1', 'Connection: close']
    const text = requestText('GET', '/api', [...lines, `Cookie: __Host-Http-th-at=${cookie}`])
    return await sendRaw(port, text)
  }
  const statusOf = async (port: number, cookie: string) => (await callWith(port, cookie)).status

  const end = (sub: string) =>
    endUserSessions(
      handler.configuration,
      { fetch: async () => new Response(null), now: Date.now, log: noLog, store: elsewhere },
      sub,
    )

  it('is refused by every worker, and no other user’s', async () => {
    const { port } = await gatewayOf()
    const [alice, bob] = [
      await cookieOf({ sub: 'alice', sid: 'one' }),
      await cookieOf({ sub: 'bob' }),
    ]
    expect([await statusOf(port, alice), await statusOf(port, bob)]).toEqual([200, 200])
    await end('alice')
    await expect.poll(() => statusOf(port, alice), HEARD).toBe(401)
    // Either worker may take a connection.
    for (let time = 0; time < 20; time += 1) {
      const answer = await callWith(port, alice)
      expect(answer.status).toBe(401)
      expect(answer.headers['www-authenticate']).toEqual(['Bearer error="invalid_token"'])
    }
    expect(await statusOf(port, bob)).toBe(200)
  })

  it('leaves alone what the user signs in to afterwards', async () => {
    const { port } = await gatewayOf()
    const before = await cookieOf({ sub: 'carol' })
    await end('carol')
    await expect.poll(() => statusOf(port, before), HEARD).toBe(401)
    expect(await statusOf(port, await cookieOf({ sub: 'carol' }, Date.now() + 1))).toBe(200)
  })

  it('is heard of by an nginx that starts, and one that reloads, afterwards', async () => {
    const dave = await cookieOf({ sub: 'dave' })
    await end('dave')
    const gateway = await gatewayOf()
    await expect.poll(() => statusOf(gateway.port, dave), HEARD).toBe(401)
    await gateway.take(handler.configuration)
    expect(await statusOf(gateway.port, dave)).toBe(401)
    await end('erin')
    const erin = await cookieOf({ sub: 'erin' }, Date.now() - 60_000)
    await expect.poll(() => statusOf(gateway.port, erin), HEARD).toBe(401)
  })

  it('costs no request a question to the handler', async () => {
    const { port } = await gatewayOf()
    const frank = await cookieOf({ sub: 'frank' })
    await statusOf(port, frank)
    const asked = () => handler.logText().split('/oauth-agent/gateway/access-token').length
    const before = asked()
    for (let time = 0; time < 10; time += 1) expect(await statusOf(port, frank)).toBe(200)
    expect(asked()).toBe(before)
  })

  it('stays ended while the handler is away, others go on, and what was missed is heard of later', async () => {
    const place = await standIn(handler.port)
    const gateway = await gatewayOf({ agent: place.url })
    const [grace, heidi] = [await cookieOf({ sub: 'grace' }), await cookieOf({ sub: 'heidi' })]
    await end('grace')
    await expect.poll(() => statusOf(gateway.port, grace), HEARD).toBe(401)
    place.isAway = true
    await expect.poll(gateway.errorLog, HEARD).toContain('ended sessions cannot be followed')
    await end('heidi')
    expect([await statusOf(gateway.port, grace), await statusOf(gateway.port, heidi)]).toEqual([
      401, 200,
    ])
    place.isAway = false
    await expect.poll(() => statusOf(gateway.port, heidi), HEARD).toBe(401)
    await expect.poll(gateway.errorLog, HEARD).toContain('ended sessions are followed again')
    // Once, and not with every question.
    expect(gateway.errorLog().split('cannot be followed')).toHaveLength(2)
  })

  it('is believed of nobody but the handler', async () => {
    const ivan = await cookieOf({ sub: 'ivan' })
    const place = await standIn(handler.port)
    const gateway = await gatewayOf({ agent: place.url })
    await end('ivan')
    await expect.poll(() => statusOf(gateway.port, ivan), HEARD).toBe(401)
    const answers = [...place.answers]
    expect(answers.length).toBeGreaterThan(0)
    for (const [index, [message, change]] of (
      [
        ['to another question', () => answers[0] ?? ''],
        [
          'not the handler',
          (text: string) => `${text.slice(0, -1)}${text.endsWith('A') ? 'B' : 'A'}`,
        ],
      ] as const
    ).entries()) {
      place.change = change
      await expect.poll(gateway.errorLog, HEARD).toContain(message)
      place.change = undefined
      const again = () => gateway.errorLog().split('followed again').length
      await expect.poll(again, HEARD).toBeGreaterThan(index + 1)
    }
    expect(place.answers.some((text) => /ivan|[\d]{13}/.test(text))).toBe(false)
    expect(await statusOf(gateway.port, ivan)).toBe(401)
  })

  it('is heard of over TLS from a handler with a certificate for its name, and from no other', async () => {
    const tls = createCertificate('handler.internal')
    const place = await standIn(handler.port, tls)
    const http = `lua_ssl_trusted_certificate ${tls.certificateFile};`
    const options = { agent: place.url, http, handlerName: 'localhost' }
    const gateway = await gatewayOf(options)
    const niaj = await cookieOf({ sub: 'niaj' })
    await end('niaj')
    await expect.poll(() => statusOf(gateway.port, niaj), HEARD).toBe(401)
    for (const wrong of [{ handlerName: 'elsewhere.internal' }, { http: '' }]) {
      const other = await gatewayOf({ ...options, ...wrong })
      await expect.poll(other.errorLog, HEARD).toMatch(/the handler cannot be asked: /)
      // nginx says so itself, and its Lua module not always: after a handshake at once it calls the connection closed.
      expect(other.errorLog()).toMatch(/certificate/)
      expect(await statusOf(other.port, niaj)).toBe(200)
    }
  })

  it('leaves no key, credential, cookie or token in error.log, at level debug', async () => {
    const gateway = await gatewayOf({ logLevel: 'debug' })
    const mallory = await cookieOf({ sub: 'mallory' })
    await end('mallory')
    await expect.poll(() => statusOf(gateway.port, mallory), HEARD).toBe(401)
    const [tenant] = filesOf(handler.configuration).keys.tenants
    const secrets = [...(tenant?.keys ?? []), ...(tenant?.handler ?? [])].flatMap((key) =>
      'credential' in key ? [key.key, key.credential] : [key.key],
    )
    expect(secrets).toHaveLength(3)
    const lines = gateway.errorLog().split('\n')
    expect(lines.filter((line) => secrets.some((secret) => line.includes(secret)))).toEqual([])
    const telling = lines.filter((line) => line.includes(mallory) || line.includes('of mallory'))
    expect(
      telling.filter((line) => !writtenByNginx.test(line)).map((line) => line.slice(0, 90)),
    ).toEqual([])
  })

  it('is followed with keys of two generations while secrets change', async () => {
    const [current = ''] = handler.configuration.cookies.secrets
    const next = 'the next secret, with enough randomness in it'
    const configured = (secrets: string[]) => ({
      ...handler.configuration,
      cookies: { ...handler.configuration.cookies, secrets },
    })
    const gateway = await gatewayOf()
    await gateway.take(configured([current, next]))
    const judy = await cookieOf({ sub: 'judy' }, Date.now(), configured([next]))
    expect(await statusOf(gateway.port, judy)).toBe(200)
    await end('judy')
    await expect.poll(() => statusOf(gateway.port, judy), HEARD).toBe(401)
    expect(gateway.errorLog()).not.toContain('cannot be followed')
  })
})

describe.skipIf(isMissing)('a session of one tenant that is ended', () => {
  it('is none of another tenant, whose user has the same name', async () => {
    const redis = await startRedis()
    onTestFinished(redis.stop)
    const place = { url: redis.url, prefix: 'th:' }
    const store = await connectRedis({ ...place, password: undefined }, noLog)
    onTestFinished(store.close)
    const api = createHttpServer((_request, response) => response.end())
    await once(api.listen(0, '127.0.0.1'), 'listening')
    onTestFinished(() => void api.close())
    const routes = [{ path: '/api', upstream: `http://127.0.0.1:${portOf(api.address())}` }]
    const configuration = parseTenants({
      redis: place,
      tenants: ['shop', 'bank'].map((id) => ({
        ...validInput,
        host: `${id}.example`,
        client: { ...validInput.client, id },
        routes,
      })),
    })
    const server = createTenantServer(configuration, { logger: createLogger('fatal'), store })
    await server.listen({ host: '127.0.0.1', port: 0 })
    onTestFinished(() => server.close())
    const deployment = { kind: 'tenants', configuration } as const
    const [port = 0] = await findFreePorts(1)
    const nginx = await startNginx({
      ports: [port],
      settings: gatewaySettingsOf(deployment),
      keys: gatewayKeysOf(deployment),
      handler: `http://127.0.0.1:${portOf(server.server.address())}`,
      http: `server {
        listen 127.0.0.1:${port};
        include token-handler/server.conf;
        location / { include token-handler/proxy.conf; }
      }`,
    })
    onTestFinished(nginx.stop)

    const session = await marksOf({ startedAt: Date.now(), claims: { sub: 'alice' } })
    const statusAt = async (tenant: number) => {
      const { host, configuration: own } = configuration.tenants[tenant] ?? never()
      const content = { accessToken: 't', issuedAt: Date.now(), session }
      const cookie = await sealProxyCookie(sealerOf(own, {}), content)
      const lines = [`Host: ${host}`, 'Token-Handler-Version: 1', 'Connection: close']
      const text = requestText('GET', '/api', [...lines, `Cookie: __Host-Http-th-at=${cookie}`])
      return (await sendRaw(port, text)).status
    }
    expect([await statusAt(0), await statusAt(1)]).toEqual([200, 200])
    const ports = { fetch: async () => new Response(null), now: Date.now, log: noLog, store }
    await endUserSessions(configuration.tenants[0]?.configuration ?? never(), ports, 'alice')
    await expect.poll(() => statusAt(0), HEARD).toBe(401)
    expect(await statusAt(1)).toBe(200)
  }, 60_000)
})

function never(): never {
  throw new Error('There are two tenants.')
}

interface StandIn {
  readonly url: string
  /** Answers nothing any more. */
  isAway: boolean
  /** Changes what the handler answers. */
  change: ((text: string) => string) | undefined
  /** What the handler has answered. */
  readonly answers: string[]
}

/** A server that hands questions on to the handler, and can do worse. */
async function standIn(
  port: number,
  tls?: { readonly certificateFile: string; readonly keyFile: string },
): Promise<StandIn> {
  const place = { url: '', isAway: false, change: undefined, answers: [] } as StandIn & {
    url: string
  }
  async function handOn(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    const answer = await fetch(`http://127.0.0.1:${port}${request.url}`, {
      method: 'POST',
      headers: {
        authorization: request.headers.authorization ?? '',
        'content-type': 'application/x-www-form-urlencoded',
      },
      body: Buffer.concat(chunks),
    })
    const text = await answer.text()
    place.answers.push(text)
    response.writeHead(answer.status).end(place.change?.(text) ?? text)
  }
  const listener: RequestListener = (request, response) => {
    if (place.isAway) request.socket.destroy()
    else void handOn(request, response).catch(() => response.destroy())
  }
  const server =
    tls === undefined
      ? createHttpServer(listener)
      : createHttpsServer(
          { cert: readFileSync(tls.certificateFile), key: readFileSync(tls.keyFile) },
          listener,
        )
  await once(server.listen(0, '127.0.0.1'), 'listening')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  place.url = `${tls === undefined ? 'http' : 'https'}://127.0.0.1:${portOf(server.address())}`
  return place
}
