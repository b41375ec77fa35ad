// Forwarded and answered past Fastify or through it: nobody outside can tell which.
import { once } from 'node:events'
import { createServer as createHttpServer } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { text } from 'node:stream/consumers'
import { setImmediate } from 'node:timers/promises'
import { promisify } from 'node:util'
import { fastify } from 'fastify'
import { afterAll, describe, expect, it } from 'vitest'
import { parseConfiguration } from '../../src/configuration/parse.ts'
import { createHost } from '../../src/hosts/fastify/host.ts'
import { createAgentPlugin } from '../../src/hosts/fastify/oauth-agent-plugin.ts'
import { oauthProxyPlugin, serveProxy } from '../../src/hosts/fastify/oauth-proxy-plugin.ts'
import { createLogger } from '../../src/hosts/node/logger.ts'
import type { Ports } from '../../src/ports.ts'
import { createOAuthProxy } from '../../src/proxy/oauth-proxy.ts'
import { sealerOf } from '../../src/sealing/configured-sealer.ts'
import { sealProxyCookie } from '../../src/sealing/proxy-cookie.ts'
import { validInput } from '../configuration/valid-configuration.ts'
import { cookieName, origin } from './handler.ts'
import { openSocket, readAll } from './raw-http.ts'

/** What the upstream was asked, bodies included. */
let asked: string[] = []
const upstream = createHttpServer((request, response) => void answerUpstream(request, response))

async function answerUpstream(request: IncomingMessage, response: ServerResponse) {
  const { httpVersion, method, rawHeaders, rawTrailers, url } = request
  const body = await text(request)
  asked.push(JSON.stringify({ httpVersion, method, url, rawHeaders, rawTrailers, body }))
  if (url?.includes('cut')) return response.socket?.destroy()
  if (url?.includes('half')) {
    response.writeHead(200, { 'content-length': 10 }).write('half')
    await setImmediate()
    return response.destroy()
  }
  if (url?.includes('empty')) return response.writeHead(204).end()
  if (url?.includes('chunked')) {
    response.writeHead(200, { trailer: 'x-sum' }).write('one,')
    response.addTrailers({ 'x-sum': '1' })
    return response.end('two')
  }
  return response.end(`answer to ${url}`)
}
await once(upstream.listen(0, '127.0.0.1'), 'listening')
const portOf = (address: unknown): number => Number(Object(address).port)

const configuration = parseConfiguration({
  ...validInput,
  routes: [{ path: '/api', upstream: `http://127.0.0.1:${portOf(upstream.address())}/v1` }],
  server: { drainFor: 0 },
})
const lines: string[] = []
const logger = createLogger('info', { write: (line) => void lines.push(line) })
const ports: Ports = {
  fetch: () => Promise.reject(new Error('There is no authorization server.')),
  now: Date.now,
  log: logger,
}

type Host = Awaited<ReturnType<typeof startHost>>

async function startHost(isDirect: boolean) {
  const { server } = configuration
  const { app, front } = createHost({ logger, findReaders: () => [origin], server })
  const proxy = createOAuthProxy(configuration, ports)
  serveProxy(app, proxy, configuration, ports, isDirect ? front : undefined)
  app.register(createAgentPlugin(isDirect ? front : undefined), { configuration, ports })
  let routed = 0
  app.addHook('onResponse', async () => {
    routed += 1
  })
  await app.listen({ host: '127.0.0.1', port: 0 })
  return { app, port: portOf(app.server.address()), routed: () => routed }
}

const direct = await startHost(true)
const routed = await startHost(false)
afterAll(async () => {
  upstream.closeAllConnections()
  upstream.close()
  await Promise.all([direct.app.close(), routed.app.close()])
})

const cookie = await sealProxyCookie(sealerOf(configuration, {}), {
  accessToken: 'the-access-token',
  issuedAt: Date.now(),
})
const own = [
  `Origin: ${origin}`,
  'Token-Handler-Version: 1',
  `Cookie: ${cookieName}=${cookie}`,
] as const
const good = ['Host: api.app.example', ...own, 'Connection: close'] as const
const kept = ['Host: api.app.example', ...own] as const

const message = (start: string, head: readonly string[], body = '') =>
  `${[start, ...head].join('\r\n')}\r\n\r\n${body}`

/** Sends pieces, each as soon as the one before has been taken, and reads to the end of the connection. */
async function converse({ app, port }: Pick<Host, 'app' | 'port'>, pieces: readonly string[]) {
  asked = []
  lines.length = 0
  const socket = openSocket(port)
  const answer = readAll(socket)
  for (const piece of pieces) {
    if (piece === '') socket.end()
    else await new Promise<void>((sent) => void socket.write(piece, 'latin1', () => sent()))
  }
  const answered = (await answer).replaceAll(/^date: .*\r\n/gim, '')
  // Lines of the log are written when the server has seen the end, too.
  const countConnections = promisify(app.server.getConnections.bind(app.server))
  await expect.poll(() => countConnections(), { interval: 1, timeout: 5000 }).toBe(0)
  await setImmediate()
  const log = lines.map((line) => {
    const { level, msg, method, path, status } = JSON.parse(line)
    return { level, msg, method, path, status }
  })
  return { answered, asked, log: log.toSorted((a, b) => a.msg.localeCompare(b.msg)) }
}

const GET = 'GET /api/orders?a=1 HTTP/1.1'
const POST = 'POST /api/orders HTTP/1.1'

const conversations: Readonly<Record<string, readonly string[]>> = {
  GET: [message(GET, good)],
  HEAD: [message('HEAD /api/orders HTTP/1.1', good)],
  DELETE: [message('DELETE /api/orders/1 HTTP/1.1', good)],
  'an answer without a body': [message('GET /api/empty HTTP/1.1', good)],
  'a chunked answer with trailers': [message('GET /api/chunked HTTP/1.1', good)],
  'an answer that breaks off': [message('GET /api/half HTTP/1.1', good)],
  'an upstream that closes without an answer': [message('POST /api/cut HTTP/1.1', good)],
  'a small body with its head': [message(POST, [...good, 'Content-Length: 5'], 'small')],
  'a body after its head': [message(POST, [...good, 'Content-Length: 5']), 'later'],
  'a body in two pieces': [message(POST, [...good, 'Content-Length: 8'], 'half'), 'half'],
  'no body, and no word about one': [message(POST, good)],
  'a body that is empty': [message(POST, [...good, 'Content-Length: 0'])],
  'a body without a length': [
    message(POST, [...good, 'Transfer-Encoding: chunked'], '4\r\nfour\r\n0\r\n\r\n'),
  ],
  'a body with trailers': [
    message(
      POST,
      [...good, 'Trailer: Authorization', 'Transfer-Encoding: chunked'],
      '4\r\nfour\r\n0\r\nAuthorization: Bearer forged\r\n\r\n',
    ),
  ],
  'a body of a GET': [message(GET, [...good, 'Content-Length: 4'], 'body')],
  'an expectation of 100': [
    message(POST, [...good, 'Expect: 100-continue', 'Content-Length: 2']),
    'ok',
  ],
  'another expectation': [message(GET, [...good, 'Expect: a-miracle'])],
  'HTTP/1.0': [message('GET /api/orders HTTP/1.0', kept)],
  'HTTP/1.0, chunked answer': [message('GET /api/chunked HTTP/1.0', kept)],
  'HTTP/1.0 that keeps its connection': [
    message('GET /api/first HTTP/1.0', [...kept, 'Connection: keep-alive']),
    message('GET /api/last HTTP/1.0', kept),
  ],
  'requests that do not wait': [
    message('GET /api/first HTTP/1.1', kept) +
      message('POST /api/second HTTP/1.1', [...kept, 'Content-Length: 3'], 'two') +
      message('GET /health HTTP/1.1', ['Host: api.app.example']) +
      message('GET /api/last HTTP/1.1', good),
  ],
  'an offer of another protocol': [
    message(GET, [...kept, 'Connection: Upgrade, close', 'Upgrade: h2c']),
  ],
  'a header that its Connection names': [
    message(GET, [...kept, 'X-Mine: 1', 'Connection: close, X-Mine, Authorization']),
  ],
  'forged headers': [
    message(GET, [...good, 'Authorization: Bearer forged', 'X_Forwarded_For: 10.0.0.1', 'Via: me']),
  ],
  'no cookie': [
    message(
      GET,
      good.filter((line) => !line.startsWith('Cookie')),
    ),
  ],
  'no version header': [
    message(
      GET,
      good.filter((line) => !line.startsWith('Token-')),
    ),
  ],
  'another origin': [
    message(GET, [...good.slice(0, 1), 'Origin: https://evil.example', ...good.slice(2)]),
  ],
  'no Host': [message(GET, good.slice(1))],
  'two Hosts': [message(GET, ['Host: evil.example', ...good])],
  'a preflight': [
    message('OPTIONS /api/orders HTTP/1.1', [
      'Host: api.app.example',
      `Origin: ${origin}`,
      'Access-Control-Request-Method: PUT',
      'Connection: close',
    ]),
  ],
  'a method that the route does not take': [message('PROPFIND /api/orders HTTP/1.1', good)],
  TRACE: [message('TRACE /api/orders HTTP/1.1', good)],
  'a path of nobody': [message('GET /nowhere HTTP/1.1', good)],
  'no request at all': ['nonsense\r\n\r\n'],
  'a head that breaks off': ['GET /api/orders HTTP/1.1\r\nHost: api', ''],
  'a length that is none': [message(POST, [...good, 'Content-Length: 5x'], 'small')],
  'two lengths': [message(POST, [...good, 'Content-Length: 5', 'Content-Length: 6'], 'small')],
  'a length beside chunks': [
    message(POST, [...good, 'Content-Length: 4', 'Transfer-Encoding: chunked'], '0\r\n\r\n'),
  ],
  ...Object.fromEntries(
    [
      '/api/../x',
      '/api/%2e%2e/x',
      '/api/%zz',
      '/api/a%2Fb',
      '/api//x',
      '*',
      '/%',
      'http://evil.example/api/x',
      '/api/é',
      '/api/x#y',
      '/API/x',
      '/apix',
    ].map((target) => [`the target ${target}`, [message(`GET ${target} HTTP/1.1`, good)]]),
  ),
}

const SESSION = 'GET /oauth-agent/session HTTP/1.1'
const START = 'POST /oauth-agent/login/start HTTP/1.1'
const FORM = 'Content-Type: application/x-www-form-urlencoded'
const asForm = (...more: readonly string[]) => [...good, FORM, ...more]
const replaced = (head: readonly string[], line: string) => {
  const name = line.split(':')[0] ?? ''
  return [...head.filter((other) => !other.startsWith(name)), line]
}

const agentConversations: Readonly<Record<string, readonly string[]>> = {
  'a session': [message(SESSION, good)],
  'a session over HTTP/1.0': [message('GET /oauth-agent/session HTTP/1.0', kept)],
  'a session that has a body': [message(SESSION, [...good, 'Content-Length: 4'], 'body')],
  'a session whose body is late': [message(SESSION, [...good, 'Content-Length: 4']), 'body'],
  'cookies of ours that say nothing': [
    message(SESSION, replaced(good, `Cookie: ${cookieName}=1; __Host-Http-th-session=2`)),
  ],
  'one cookie twice': [
    message(SESSION, replaced(good, 'Cookie: __Host-Http-th-session=1; __Host-Http-th-session=2')),
  ],
  'two lines of cookies': [message(SESSION, [...good, 'Cookie: __Host-Http-th-session=1'])],
  'a start, whose authorization server is away': [message(START, asForm('Content-Length: 0'))],
  'a start with a form': [message(START, asForm('Content-Length: 12'), 'return_to=/a')],
  'a start with a form in two pieces': [
    message(START, asForm('Content-Length: 12'), 'return'),
    '_to=/a',
  ],
  'a start with chunks': [
    message(START, asForm('Transfer-Encoding: chunked'), 'c\r\nreturn_to=/a\r\n0\r\n\r\n'),
  ],
  'a start that is waited for': [
    message(START, asForm('Expect: 100-continue', 'Content-Length: 12')),
    'return_to=/a',
  ],
  'a start that is JSON': [
    message(START, [...good, 'Content-Type: application/json', 'Content-Length: 2'], '{}'),
  ],
  'a start of no type': [message(START, [...good, 'Content-Length: 12'], 'return_to=/a')],
  'a start of no type, in chunks': [
    message(START, [...good, 'Transfer-Encoding: chunked'], '0\r\n\r\n'),
  ],
  'a start that is too long': [
    message(START, asForm('Content-Length: 100000'), 'a='.padEnd(100_000, 'a')),
  ],
  'a start that breaks off': [message(START, asForm('Content-Length: 12'), 'return'), ''],
  'a start of a page that is prefetched': [
    message(START, asForm('Sec-Purpose: prefetch', 'Content-Length: 0')),
  ],
  'an end without a start': [
    message('POST /oauth-agent/login/end HTTP/1.1', asForm('Content-Length: 14'), 'code=1&state=2'),
  ],
  'a refresh without a session': [
    message('POST /oauth-agent/refresh HTTP/1.1', [...good, 'Content-Length: 0']),
  ],
  'a sign-out': [message('POST /oauth-agent/logout HTTP/1.1', [...good, 'Content-Length: 0'])],
  'requests that do not wait': [
    message(SESSION, kept) +
      message('GET /api/orders HTTP/1.1', kept) +
      message('POST /oauth-agent/logout HTTP/1.1', [...kept, 'Content-Length: 0']) +
      message('GET /oauth-agent/nothing HTTP/1.1', kept) +
      message(SESSION, good),
  ],
  'no Host': [message(SESSION, good.slice(1))],
  'two Hosts': [message(SESSION, ['Host: evil.example', ...good])],
  'no version header': [
    message(
      SESSION,
      good.filter((line) => !line.startsWith('Token-')),
    ),
  ],
  'another origin': [message(SESSION, replaced(good, 'Origin: https://evil.example'))],
  'a preflight': [
    message('OPTIONS /oauth-agent/refresh HTTP/1.1', [
      'Host: api.app.example',
      `Origin: ${origin}`,
      'Access-Control-Request-Method: POST',
      'Connection: close',
    ]),
  ],
  ...Object.fromEntries(
    ['HEAD', 'POST', 'OPTIONS', 'TRACE', 'PROPFIND'].map((method) => [
      `${method} for a session`,
      [message(`${method} /oauth-agent/session HTTP/1.1`, good)],
    ]),
  ),
  ...Object.fromEntries(
    [
      '/oauth-agent',
      '/oauth-agent/',
      '/oauth-agent/nothing',
      '/oauth-agent/session?',
      '/oauth-agent/session?a=1',
      '/oauth-agent/session/',
      '/oauth-agent//session',
      '/oauth-agent/./session',
      '/oauth-agent/%73ession',
      '/OAUTH-AGENT/session',
      'http://api.app.example/oauth-agent/session',
    ].map((target) => [`GET ${target}`, [message(`GET ${target} HTTP/1.1`, good)]]),
  ),
}

describe.each([
  ['forwarded', conversations],
  ['answered by the agent', agentConversations],
])('what is %s past Fastify', (_kind, all) => {
  it.each(Object.entries(all))('is answered as through it: %s', async (_name, pieces) => {
    const one = await converse(direct, pieces)
    const other = await converse(routed, pieces)
    expect(one).toEqual(other)
  })
})

describe('what is served past Fastify is', () => {
  // Fastify looks at the type before all else, and the agent last, and only where there is a body.
  it.each(['form', ' '])('refused as by Fastify, with a body of the type "%s"', async (type) => {
    const head = [...good, `Content-Type: ${type}`, 'Content-Length: 12']
    for (const host of [direct, routed]) {
      const { answered } = await converse(host, [message(START, head, 'return_to=/a')])
      expect(answered).toMatch(/^HTTP\/1.1 415 /)
      expect(answered).toContain(`access-control-allow-origin: ${origin}\r\n`)
      expect(answered).toContain('{"error_code":"unsupported_media_type"}')
    }
  })

  it('refused for what is worse than a type that is none, which does not matter without a body', async () => {
    const SIGN_OUT = 'POST /oauth-agent/logout HTTP/1.1'
    const untrusted = replaced(good, 'Origin: https://evil.example')
    const typed = ['Content-Type: form', 'Content-Length: 1']
    const refused = await converse(direct, [message(SIGN_OUT, [...untrusted, ...typed], 'a')])
    expect(refused.answered).toMatch(/^HTTP\/1.1 403 /)
    const empty = [...good, 'Content-Type: form', 'Content-Length: 0']
    const performed = await converse(direct, [message(SIGN_OUT, empty)])
    expect(performed.answered).toMatch(/^HTTP\/1.1 200 /)
  })

  it('not seen by hooks of the server, and everything else is', async () => {
    const before = direct.routed()
    await converse(direct, [message(GET, good)])
    await converse(direct, [message(SESSION, good)])
    expect(direct.routed()).toBe(before)
    await converse(direct, [message('GET /nowhere HTTP/1.1', good)])
    expect(direct.routed()).toBe(before + 1)
  })
})

describe.each([
  ['with a front', direct],
  ['without one', routed],
])('what comes by inject, %s, is', (_name, { app }) => {
  const headers = { host: 'api.app.example', origin, 'token-handler-version': '1' }
  const signedIn = { ...headers, cookie: `${cookieName}=${cookie}` }

  it('forwarded', async () => {
    asked = []
    const answer = await app.inject({ url: '/api/orders?a=1', headers: signedIn })
    expect(answer).toMatchObject({ statusCode: 200, body: 'answer to /v1/orders?a=1' })
    expect(asked).toEqual([expect.stringContaining('Bearer the-access-token')])
  })

  it('forwarded with its body', async () => {
    asked = []
    const request = { method: 'POST', url: '/api/orders', payload: 'small' } as const
    expect((await app.inject({ ...request, headers: signedIn })).statusCode).toBe(200)
    expect(asked).toEqual([expect.stringContaining('"body":"small"')])
  })

  it('refused, without a word to the API', async () => {
    asked = []
    const refused = { url: '/api/orders', headers }
    expect((await app.inject(refused)).statusCode).toBe(401)
    expect((await app.inject({ ...refused, url: '/api/%zz' })).statusCode).toBe(400)
    expect((await app.inject({ ...refused, url: '/nowhere' })).statusCode).toBe(404)
    expect(asked).toEqual([])
  })
})

it('hooks of a server that registers the plugin see what is forwarded', async () => {
  const seen: string[] = []
  const app = fastify()
  app.addHook('onRequest', async ({ url }) => void seen.push(`asked ${url}`))
  app.addHook(
    'onResponse',
    async ({ url }, { statusCode }) => void seen.push(`${statusCode} ${url}`),
  )
  await app.register(oauthProxyPlugin, { configuration, ports })
  await app.listen({ host: '127.0.0.1', port: 0 })
  await converse({ app, port: portOf(app.server.address()) }, [message(GET, good)])
  await app.close()
  expect(seen).toEqual(['asked /api/orders?a=1', '200 /api/orders?a=1'])
})
