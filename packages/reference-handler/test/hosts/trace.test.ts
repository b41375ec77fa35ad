// Spans of agent, back channel and proxied requests, and the trace that is handed on to APIs.
import { once } from 'node:events'
import type { FastifyInstance } from 'fastify'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createOAuthAgent } from '../../src/agent/oauth-agent.ts'
import type { ConfigurationInput } from '../../src/configuration/schema.ts'
import type { Fetch, Trace } from '../../src/ports.ts'
import { inSeconds, jwt } from '../proxy/phantom-proxy.ts'
import { createTestAuthorizationServer } from '../support/authorization-server.ts'
import { createBrowser } from '../support/browser.ts'
import { createDeferred } from '../support/deferred.ts'
import { noLog } from '../support/no-log.ts'
import { issuer, metadata } from '../support/provider.ts'
import { recordSpans } from '../support/recorded-spans.ts'
import type { RecordedSpan } from '../support/recorded-spans.ts'
import { createTestConfiguration } from '../support/world.ts'
import { accessToken, startHandler } from './handler.ts'
import type { TestHandler } from './handler.ts'
import { startOther } from './other-server.ts'
import { openSocket, parseAnswer, readAll, requestText, sendRaw } from './raw-http.ts'

const { spans, trace } = recordSpans()

let running: TestHandler | undefined
beforeEach(() => void spans.splice(0))
afterEach(async () => {
  await running?.close()
  running = undefined
})

/** The trace of a page. */
const traceId = '0af7651916cd43dd8448eb211c80319c'
const pageSpan = 'b7ad6b7169203331'
const traceparent = `00-${traceId}-${pageSpan}-01`

const describeSpan = ({ name, kind, attributes, error }: RecordedSpan) => ({
  name,
  kind,
  attributes,
  error,
})

describe('a request to an API', () => {
  async function start(
    input: Partial<ConfigurationInput> = {},
    options: Parameters<typeof startHandler>[1] = { trace },
  ) {
    running = await startHandler(input, options)
    return running
  }

  const send = ({ port, goodLines }: TestHandler, lines: string[] = []) =>
    sendRaw(port, requestText('GET', '/api/orders?secret=query', [...goodLines, ...lines]))

  const pageLines = [`traceparent: ${traceparent}`, 'tracestate: vendor=page']

  it('has a span in the trace of the page, which the API goes on with', async () => {
    const handler = await start()
    expect((await send(handler, pageLines)).status).toBe(200)
    const [span, ...others] = spans
    expect(others).toEqual([])
    expect(span && describeSpan(span)).toEqual({
      name: 'GET /api',
      kind: 'client',
      attributes: {
        'http.request.method': 'GET',
        'http.route': '/api',
        'server.address': `127.0.0.1:${handler.upstreamPort}`,
        'http.response.status_code': 200,
      },
      error: undefined,
    })
    expect(span?.traceId).toBe(traceId)
    expect(span?.parentId).toBe(pageSpan)
    const { headers, rawHeaders } = handler.upstreamRequests[0] ?? {}
    expect(headers?.['traceparent']).toBe(`00-${traceId}-${span?.id}-01`)
    expect(headers?.['tracestate']).toBe('vendor=page')
    expect(rawHeaders?.filter((line) => line.toLowerCase() === 'traceparent')).toHaveLength(1)
  })

  it('begins a trace of its own where those of pages are dropped', async () => {
    const handler = await start({ server: { traceContext: 'drop' } })
    await send(handler, pageLines)
    const [span] = spans
    expect(span?.traceId).not.toBe(traceId)
    expect(span?.parentId).toBeUndefined()
    const { traceparent: sent, tracestate } = handler.upstreamRequests[0]?.headers ?? {}
    expect(sent).toContain(span?.traceId)
    expect(tracestate).toBeUndefined()
  })

  it('that fails says how', async () => {
    const handler = await start()
    handler.answerWith((request) => void request.socket.destroy())
    expect((await send(handler)).status).toBe(502)
    const [span] = spans
    expect(span && describeSpan(span)).toMatchObject({
      error: 'upstream_error',
    })
  })

  const failing: Trace = async (options, action) => {
    await trace(options, action)
    throw new Error('The exporter is broken.')
  }

  it.each([
    ['GET', []],
    ['POST', ['Content-Length: 0']],
    ['POST', ['Content-Length: 5']],
  ])('is forwarded once where its span fails in the end: %s %j', async (method, lines) => {
    const handler = await start({}, { trace: failing })
    handler.answerWith((request) => {
      // Reset while it is alone, a GET would be repeated for reasons of its own.
      request.resume().on('end', () => request.socket.end('nonsense'))
    })
    const head = requestText(method, '/api/orders', [...handler.goodLines, ...lines])
    const body = lines.includes('Content-Length: 5') ? 'a=b&c' : ''
    const { status, body: answered } = await sendRaw(handler.port, head + body)
    expect({ status, answered }).toEqual({
      status: 500,
      answered: '{"error_code":"server_error"}',
    })
    expect(handler.upstreamRequests).toHaveLength(1)
    expect(spans).toHaveLength(1)
    expect(handler.logText()).toContain('The exporter is broken')
  })

  it('is answered where its span fails and Fastify does, too', async () => {
    const breakLogs = (server: FastifyInstance) =>
      server.setChildLoggerFactory(() => {
        throw new Error('There is no log.')
      })
    const handler = await start({}, { trace: failing, prepare: breakLogs })
    handler.answerWith((request) => void request.socket.end('nonsense'))
    // A rejection that is not handled would end the process; here it fails the run.
    expect((await send(handler)).status).toBe(500)
  })

  it('has its answer where its span fails in the end, and the log says so', async () => {
    const handler = await start({}, { trace: failing })
    expect((await send(handler)).status).toBe(200)
    await expect.poll(handler.logText, { timeout: 5000 }).toContain('The exporter is broken')
    expect(handler.upstreamRequests).toHaveLength(1)
  })

  /** A handler whose authorization server keeps to itself what an access token is good for. */
  async function startWaiting(input: Partial<ConfigurationInput> = {}) {
    const [asked, answered] = [createDeferred(), createDeferred()]
    const fetch: Fetch = async (url) => {
      if (url === `${issuer}/.well-known/openid-configuration`) {
        return Response.json({ ...metadata, introspection_endpoint: `${issuer}/introspect` })
      }
      asked.resolve()
      await answered.promise
      const body = jwt({ sub: 'alice', exp: inSeconds(Date.now()) + 300 })
      return new Response(body, { headers: { 'content-type': 'application/jwt' } })
    }
    const handler = await start({ introspection: { enabled: true }, ...input }, { trace, fetch })
    return { handler, fetch, asked: asked.promise, answer: answered.resolve }
  }

  const isOurs = ({ name }: RecordedSpan) => name === 'POST /api'
  const ourSpan = () => vi.waitFor(() => spans.find(isOurs) ?? expect.fail('There is no span.'))

  it.each([
    ['the server', false],
    ['a server of the app', true],
  ])(
    'has a span that ends where the client has left before it is sent, on %s',
    async (_, isOther) => {
      const { handler, fetch, asked, answer } = await startWaiting()
      const other = isOther ? await startOther(handler, { fetch, trace }) : undefined
      const seen = once((other?.app ?? handler.server).server, 'request')
      const socket = openSocket(other?.port ?? handler.port)
      socket.write(
        `${requestText('POST', '/api/orders', [...handler.goodLines, 'Content-Length: 9'])}12`,
      )
      const [, response] = await seen
      await asked
      const left = once(response, 'close')
      socket.destroy()
      await left
      answer()
      expect(await ourSpan()).toMatchObject({ error: 'client-left' })
      expect(handler.upstreamRequests).toEqual([])
      await other?.app.close()
    },
  )

  it('has a span that ends where the end of the server has answered before it is sent', async () => {
    const { handler, asked, answer } = await startWaiting({ server: { drainFor: 0 } })
    const socket = openSocket(handler.port)
    socket.write(requestText('POST', '/api/orders', [...handler.goodLines, 'Content-Length: 0']))
    await asked
    const closing = handler.server.close()
    expect(parseAnswer(await readAll(socket)).status).toBe(503)
    answer()
    await closing
    const { attributes, error } = await ourSpan()
    expect(error).toBeUndefined()
    expect(attributes['http.response.status_code']).toBe(503)
    expect(handler.upstreamRequests).toEqual([])
  })

  it('without the port has no span, and the trace of the page passes as it is', async () => {
    const handler = await start({}, {})
    await send(handler, pageLines)
    expect(spans).toEqual([])
    expect(handler.upstreamRequests[0]?.headers['traceparent']).toBe(traceparent)
  })

  it('has nothing confidential in its span', async () => {
    const handler = await start()
    await send(handler)
    const text = JSON.stringify(spans.map(describeSpan))
    for (const secret of [accessToken, 'secret=query', 'Cookie']) expect(text).not.toContain(secret)
  })
})

describe('an operation of the agent', () => {
  async function signIn() {
    const now = Date.now
    const server = await createTestAuthorizationServer({ now })
    const sent: Record<string, string>[] = []
    const agent = createOAuthAgent(createTestConfiguration(), {
      now,
      log: noLog,
      trace,
      fetch: (url, init) => {
        sent.push(init.headers)
        return server.fetch(url, init)
      },
    })
    const browser = createBrowser(agent, () => {})
    const { body } = await browser.post('/login/start')
    const login = server.authenticate(String(body['authorization_url']))
    const ended = await browser.post('/login/end', login)
    return { browser, ended, login, sent, server }
  }

  const childrenOf = (parent: RecordedSpan | undefined) =>
    spans.filter(({ parentId }) => parentId === parent?.id)

  it('has a span, and one in it for each request of the back channel, which is handed on there', async () => {
    const { sent } = await signIn()
    const end = spans.find(({ name }) => name === 'agent endLogin')
    expect(end && describeSpan(end)).toEqual({
      name: 'agent endLogin',
      kind: 'server',
      attributes: { 'token_handler.operation': 'endLogin', 'http.response.status_code': 200 },
      error: undefined,
    })
    expect(childrenOf(end).map(describeSpan)).toEqual([
      {
        name: 'POST',
        kind: 'client',
        attributes: {
          'http.request.method': 'POST',
          'server.address': 'login.idp.example',
          'url.path': '/token',
          'http.response.status_code': 200,
        },
        error: undefined,
      },
      expect.objectContaining({ name: 'GET', kind: 'client' }),
    ])
    const ids = spans.map(({ id }) => id)
    for (const { traceparent: handedOn = '' } of sent) expect(ids).toContain(handedOn.split('-')[2])
  })

  it('that fails says by which code, and has nothing confidential in its spans', async () => {
    const { browser, login, server } = await signIn()
    spans.splice(0)
    server.endAllGrants()
    expect((await browser.post('/refresh')).status).toBe(401)
    const refresh = spans.find(({ name }) => name === 'agent refresh')
    expect(refresh && describeSpan(refresh)).toMatchObject({
      attributes: { 'http.response.status_code': 401 },
      error: 'session_expired',
    })
    const text = JSON.stringify(spans.map(describeSpan))
    const secrets = [...server.secrets, ...login.values(), ...browser.cookies.values()]
    for (const secret of secrets) if (secret.length > 10) expect(text).not.toContain(secret)
  })
})
