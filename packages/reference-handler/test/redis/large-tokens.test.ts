// Access tokens of 8 kB through an nginx with the header buffers of its default: what cookies cannot hold is in Redis.
import { once } from 'node:events'
import { createServer as createHttpServer } from 'node:http'
import type { IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, it, onTestFinished } from 'vitest'
import { isMissing } from '../../../../e2e/src/programs.ts'
import { nginx } from '../../../../two-users/src/gateways.ts'
import { createServer } from '../../src/hosts/fastify/create-server.ts'
import { createLogger } from '../../src/hosts/node/logger.ts'
import { connectRedis } from '../../src/redis/index.ts'
import { createTestAuthorizationServer } from '../support/authorization-server.ts'
import { createBrowser } from '../support/browser.ts'
import { noLog } from '../support/no-log.ts'
import { createTestConfiguration } from '../support/world.ts'
import { signIn } from '../../../local-stack/test/refresh/rounds.ts'
import { findObstacle, startRedis } from './redis-server.ts'

const TOKEN_LENGTH = 8000

/** Two instances behind nginx, and a browser that has not signed in. */
async function startBehindNginx(sessionStore: 'cookies' | 'redis') {
  const received: IncomingMessage[] = []
  const lines: string[] = []
  const api = createHttpServer((request, response) => {
    received.push(request)
    response.setHeader('content-type', 'application/json').end('{}')
  })
  api.listen(0, '127.0.0.1')
  await once(api, 'listening')
  onTestFinished(() => void api.close())

  const redis = await startRedis()
  onTestFinished(redis.stop)
  const configuration = createTestConfiguration({
    configuration: {
      redis: { url: redis.url },
      session: { store: sessionStore },
      routes: [
        { path: '/api', upstream: `http://127.0.0.1:${(api.address() as AddressInfo).port}` },
      ],
    },
  })
  const groups = Array.from({ length: 200 }, () => crypto.randomUUID())
  const server = await createTestAuthorizationServer({
    accessTokenLength: TOKEN_LENGTH,
    claims: { groups },
    now: Date.now,
  })

  async function startInstance(): Promise<number> {
    const store = await connectRedis(configuration.redis, noLog)
    const logger = createLogger('warn', { write: (line) => void lines.push(line) })
    const instance = createServer(configuration, { fetch: server.fetch, logger, store })
    onTestFinished(async () => {
      await instance.close()
      await store.close()
    })
    await instance.listen({ host: '127.0.0.1', port: 0 })
    return (instance.server.address() as AddressInfo).port
  }
  const gateway = await nginx.start([await startInstance(), await startInstance()])
  onTestFinished(gateway.stop)

  const browser = createBrowser(
    async (request) => {
      const { method, headers, url } = request
      const body = (await request.text()) || null
      const answer = await fetch(`http://127.0.0.1:${gateway.port}${new URL(url).pathname}`, {
        method,
        headers,
        body,
      })
      // What nginx answers by itself is a page.
      const isJson = answer.headers.get('content-type')?.startsWith('application/json')
      return isJson ? answer : new Response(null, { status: answer.status })
    },
    () => {},
  )
  const authenticate = async (url: string) => server.authenticate(url)
  return { authenticate, browser, lines, received, redis, server }
}

describe.skipIf(findObstacle() !== undefined || isMissing('nginx'))(
  'tokens of 8 kB, behind an nginx with default header buffers',
  () => {
    it('sign-in, API call, refresh and sign-out work with session.store = redis', async () => {
      const { authenticate, browser, received, redis, server } = await startBehindNginx('redis')
      const callApi = () => browser.send('GET', '/../api/orders')
      await signIn({ authenticate }, browser)
      const { body } = await browser.get('/session')
      expect(body).toMatchObject({
        is_logged_in: true,
        id_token_claims: { groups: { length: 200 } },
      })
      expect(await callApi()).toMatchObject({ status: 200 })
      expect(await browser.post('/refresh')).toMatchObject({
        status: 200,
        setCookies: { length: 2 },
      })
      expect(await callApi()).toMatchObject({ status: 200 })

      const tokens = received.map(({ headers }) => headers.authorization)
      expect(new Set(tokens).size).toBe(2)
      for (const token of tokens) expect(token?.length).toBe('Bearer '.length + TOKEN_LENGTH)

      const copy = new Map(browser.cookies)
      expect(await browser.post('/logout')).toMatchObject({ status: 200 })
      expect(browser.cookies.size).toBe(0)
      expect(server.revoked.length).toBeGreaterThan(0)
      for (const [name, value] of copy) browser.cookies.set(name, value)
      expect(await browser.send('POST', '/refresh')).toMatchObject({ status: 401 })
      // What the refresh has replaced stays for latecomers, and no longer.
      const left = redis
        .command('--scan', '--pattern', 'th:*:session:*')
        .split('\n')
        .filter(Boolean)
      for (const key of left) expect(Number(redis.command('pttl', key))).toBeLessThanOrEqual(20_000)
    }, 60_000)

    it('without it, the sign-in fails, and says what to do', async () => {
      const { authenticate, browser, lines } = await startBehindNginx('cookies')
      const { body } = await browser.post('/login/start')
      const callback = await authenticate(String(body['authorization_url']))
      expect(await browser.post('/login/end', callback)).toMatchObject({
        status: 500,
        body: { error_code: 'server_error' },
      })
      expect(lines.join('')).toContain('session.store')
    }, 60_000)
  },
)
