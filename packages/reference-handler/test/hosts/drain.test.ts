// The end of the time that a server gives open requests: no connection ends in silence.
import { once } from 'node:events'
import type { IncomingMessage } from 'node:http'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { createInProcessRefreshCoordinator } from '../../src/agent/in-process-refresh-coordinator.ts'
import { sealSession } from '../../src/agent/session-cookie.ts'
import type { ConfigurationInput } from '../../src/configuration/schema.ts'
import { sealerOf } from '../../src/sealing/configured-sealer.ts'
import type { Fetch } from '../../src/ports.ts'
import { createDeferred } from '../support/deferred.ts'
import { metadata } from '../support/provider.ts'
import { cookieName, origin, startHandler } from './handler.ts'
import type { TestHandler } from './handler.ts'
import { openSocket, parseAnswer, readAll, readUntil, requestText } from './raw-http.ts'

const running: TestHandler[] = []
afterEach(async () => {
  await Promise.all(running.splice(0).map((handler) => handler.close()))
})

async function start(
  options: Parameters<typeof startHandler>[1] = {},
  server: ConfigurationInput['server'] = { drainFor: 0 },
): Promise<TestHandler> {
  const handler = await startHandler({ server }, options)
  running.push(handler)
  return handler
}

const keptAlive = ({ goodLines }: TestHandler) =>
  goodLines.filter((line) => !line.startsWith('Connection'))

/** Has the upstream keep its answers to itself; resolves with the next request that reaches it. */
function holdUpstream(handler: TestHandler): Promise<IncomingMessage> {
  return new Promise((resolve) => {
    handler.answerWith((request) => resolve(request))
  })
}

const unavailable = {
  status: 503,
  body: '{"error_code":"temporarily_unavailable"}',
  headers: expect.objectContaining({
    'content-type': ['application/json'],
    'cache-control': ['no-store'],
    'access-control-allow-origin': [origin],
    'access-control-allow-credentials': ['true'],
    'retry-after': ['1'],
    connection: ['close'],
  }),
}

describe('a request that the end of the server overtakes', () => {
  it.each(['GET', 'POST', 'DELETE'])('is answered, not cut off: %s to an API', async (method) => {
    const handler = await start()
    const held = holdUpstream(handler)
    const socket = openSocket(handler.port)
    socket.write(requestText(method, '/api/orders', keptAlive(handler)))
    const request = await held
    const abandoned = once(request.socket, 'close')
    const closing = handler.server.close()
    expect(parseAnswer(await readAll(socket))).toEqual(unavailable)
    await Promise.all([closing, abandoned])
    expect(handler.upstreamRequests).toHaveLength(1)
    expect(handler.logText()).toContain('"status":503')
    expect(handler.logText()).not.toMatch(/"level":[45]0/)
  })

  it('has no body when it is a HEAD request', async () => {
    const handler = await start()
    const held = holdUpstream(handler)
    const socket = openSocket(handler.port)
    socket.write(requestText('HEAD', '/api/orders', keptAlive(handler)))
    await held
    void handler.server.close()
    expect(parseAnswer(await readAll(socket))).toEqual({ ...unavailable, body: '' })
  })

  it('is answered while its body is still arriving, and its client comes to read the answer', async () => {
    const handler = await start()
    const held = holdUpstream(handler)
    const socket = openSocket(handler.port)
    const lines = [...keptAlive(handler), 'Content-Length: 500000']
    socket.write(requestText('PUT', '/api/orders/1', lines) + 'x'.repeat(1000))
    const request = await held
    await once(request, 'data')
    void handler.server.close()
    const answer = readAll(socket)
    await once(socket, 'data')
    // What a client sends before it has seen the answer must not reset the connection.
    socket.write('x'.repeat(400_000))
    expect(parseAnswer(await answer)).toEqual(unavailable)
  })

  it('is answered while its body is still on its way to the agent', async () => {
    const handler = await start()
    const socket = openSocket(handler.port)
    const type = 'Content-Type: application/x-www-form-urlencoded'
    const lines = [...keptAlive(handler), type, 'Content-Length: 5']
    const arrived = once(handler.server.server, 'request')
    socket.write(`${requestText('POST', '/oauth-agent/login/end', lines)}a=`)
    await arrived
    void handler.server.close()
    expect(parseAnswer(await readAll(socket))).toEqual(unavailable)
  })

  it.each(['/login/start', '/refresh', '/logout'])(
    'is answered while the authorization server thinks: POST %s',
    async (path) => {
      const asked = createDeferred()
      const fetch: Fetch = () => {
        asked.resolve()
        return createDeferred<Response>().promise
      }
      const handler = await start({ fetch })
      const socket = openSocket(handler.port)
      socket.write(requestText('POST', `/oauth-agent${path}`, await linesWithSession(handler)))
      await asked.promise
      void handler.server.close()
      expect(parseAnswer(await readAll(socket))).toEqual(unavailable)
    },
  )

  it('does not lose the tokens of a refresh that ends after its answer, where instances share them', async () => {
    const asked = createDeferred()
    const answered = createDeferred<Response>()
    const refreshTokens: (string | null)[] = []
    const fetch: Fetch = async (url, { body }) => {
      if (url !== metadata.token_endpoint) return Response.json(metadata)
      refreshTokens.push(new URLSearchParams(body ?? '').get('refresh_token'))
      asked.resolve()
      return await answered.promise
    }
    const refreshCoordinator = createInProcessRefreshCoordinator(Date.now, 30)
    const [old, next] = [
      await start({ fetch, refreshCoordinator }),
      await start({ fetch, refreshCoordinator }),
    ]
    const refresh = requestText('POST', '/oauth-agent/refresh', await linesWithSession(old))
    const socket = openSocket(old.port)
    socket.write(refresh)
    await asked.promise
    const closing = old.server.close()
    expect(parseAnswer(await readAll(socket))).toEqual(unavailable)
    await closing
    answered.resolve(
      Response.json({ access_token: 'new', token_type: 'Bearer', refresh_token: 'rotated' }),
    )
    const again = openSocket(next.port)
    again.write(refresh)
    const text = await readUntil(again, '{}')
    expect(text).toMatch(/^HTTP\/1\.1 200 /)
    expect(text).toContain(`set-cookie: ${cookieName}=`)
    expect(refreshTokens).toEqual(['the-refresh-token'])
    again.destroy()
  })

  it('is still answered by the API while there is time', async () => {
    const handler = await start({}, { drainFor: 60 })
    const answering = createDeferred<() => void>()
    handler.answerWith((_request, response) => answering.resolve(() => response.end('in time')))
    const socket = openSocket(handler.port)
    socket.write(requestText('POST', '/api/orders', keptAlive(handler)))
    const answer = await answering.promise
    const closing = handler.server.close()
    answer()
    expect(parseAnswer(await readAll(socket))).toMatchObject({ status: 200, body: 'in time' })
    await closing
  })
})

describe('requests that follow each other on one connection without waiting', () => {
  it('are all answered at the end, and only the last answer closes', async () => {
    const handler = await start()
    const both = createDeferred()
    handler.answerWith(() => {
      if (handler.upstreamRequests.length === 2) both.resolve()
    })
    const socket = openSocket(handler.port)
    const request = requestText('POST', '/api/orders', keptAlive(handler))
    socket.write(request + request)
    await both.promise
    void handler.server.close()
    const text = await readAll(socket)
    const second = text.lastIndexOf('HTTP/1.1')
    expect(parseAnswer(text.slice(second))).toEqual(unavailable)
    const first = parseAnswer(text.slice(0, second))
    expect(first.status).toBe(503)
    expect(first.headers['connection']).not.toEqual(['close'])
  })

  it('are all answered when the second arrives as the server closes', async () => {
    const handler = await start({}, { drainFor: 60 })
    const answers: (() => void)[] = []
    handler.answerWith(({ url }, response) => {
      answers.push(() => response.end(url))
    })
    const socket = openSocket(handler.port)
    socket.write(requestText('GET', '/api/first', keptAlive(handler)))
    await vi.waitUntil(() => answers.length === 1, PATIENCE)
    const closing = handler.server.close()
    await vi.waitUntil(() => !handler.server.server.listening, PATIENCE)
    for (const path of ['/api/second', '/api/third']) {
      socket.write(requestText('GET', path, keptAlive(handler)))
    }
    await vi.waitUntil(() => answers.length === 3, PATIENCE)
    for (const answer of answers) answer()
    const text = await readAll(socket)
    expect(text.match(/\/v1\/[a-z]+/g)).toEqual(['/v1/first', '/v1/second', '/v1/third'])
    expect(text.match(/connection: close/gi)).toHaveLength(1)
    await closing
  })

  const signedOut = (handler: TestHandler) =>
    keptAlive(handler).filter((line) => !line.startsWith('Cookie'))

  it.each([
    ['an answer of /health', 'GET', '/health', 200, signedOut],
    ['an answer of the agent', 'GET', '/oauth-agent/session', 200, keptAlive],
    ['a refusal of the agent', 'POST', '/oauth-agent/refresh', 401, keptAlive],
    ['a refusal of the proxy', 'GET', '/api/refused', 401, signedOut],
    ['a path of nobody', 'GET', '/nowhere', 404, signedOut],
    ['a malformed target', 'GET', '/api/%zz', 400, keptAlive],
    ['a failure of the API', 'POST', '/api/broken', 502, keptAlive],
  ] as const)('are all answered behind %s', async (_name, method, target, status, linesOf) => {
    const handler = await start({}, { drainFor: 60 })
    const first = createDeferred<() => void>()
    handler.answerWith((request, response) => {
      if (request.url === '/v1/broken') request.socket.destroy()
      else if (request.url === '/v1/slow') first.resolve(() => response.end('slow'))
      else response.end('ordered')
    })
    const socket = openSocket(handler.port)
    socket.write(requestText('GET', '/api/slow', keptAlive(handler)))
    const answerFirst = await first.promise
    const closing = handler.server.close()
    await vi.waitUntil(() => !handler.server.server.listening, PATIENCE)
    const middle = requestText(method, target, linesOf(handler))
    socket.write(middle + requestText('POST', '/api/order', keptAlive(handler)))
    const isOrdered = () => handler.upstreamRequests.some(({ url }) => url === '/v1/order')
    await vi.waitUntil(isOrdered, PATIENCE)
    answerFirst()
    const text = await readAll(socket)
    const answers = text.split(/(?=HTTP\/1\.1 )/).map(parseAnswer)
    const closes = answers.map((answer) => answer.headers['connection']?.includes('close') ?? false)
    expect(answers.map((answer) => answer.status)).toEqual([200, status, 200])
    expect(closes).toEqual([false, false, true])
    expect(answers[2]?.body).toBe('ordered')
    await closing
  })

  it('are not worked on behind an answer that says it is the last', async () => {
    const handler = await start({}, { drainFor: 60 })
    const ends: (() => void)[] = []
    handler.answerWith(({ url }, response) => {
      response.write(`${url} `)
      ends.push(() => response.end())
    })
    const socket = openSocket(handler.port)
    const arrive = async (path: string) => {
      const arrived = once(handler.server.server, 'request')
      socket.write(requestText('POST', path, keptAlive(handler)))
      const [, response] = await arrived
      return response
    }
    const first = await arrive('/api/first')
    await vi.waitUntil(() => first.headersSent, PATIENCE)
    const closing = handler.server.close()
    await vi.waitUntil(() => !handler.server.server.listening, PATIENCE)
    const last = await arrive('/api/last')
    await vi.waitUntil(() => last.headersSent, PATIENCE)
    await arrive('/api/late')
    for (const end of ends) end()
    const text = await readAll(socket)
    expect(text.match(/\/v1\/[a-z]+/g)).toEqual(['/v1/first', '/v1/last'])
    expect(handler.upstreamRequests).toHaveLength(2)
    await closing
  })
})

const PATIENCE = { timeout: 5000 }

/** Lines of a request whose session can be refreshed. */
async function linesWithSession(handler: TestHandler): Promise<readonly string[]> {
  const now = Date.now()
  const session = { refreshToken: 'the-refresh-token', startedAt: now, issuedAt: now - 60_000 }
  const value = await sealSession(sealerOf(handler.configuration, {}), session)
  return keptAlive(handler).map((line) =>
    line.startsWith('Cookie') ? `${line}; __Host-Http-th-session=${value}` : line,
  )
}
