// What pages are told when an upstream fails.
import { afterEach, describe, expect, it } from 'vitest'
import { origin, startHandler } from './handler.ts'
import type { TestHandler } from './handler.ts'
import { requestText, sendRaw } from './raw-http.ts'

let handler: TestHandler
afterEach(async () => {
  await handler.close()
})

const send = (method = 'GET', lines: readonly string[] = [], body = '') =>
  sendRaw(handler.port, requestText(method, '/api/orders', [...handler.goodLines, ...lines]) + body)

/** Of the ports that take rights to listen on; no program of today does. */
const UNUSED_PORT = 1

describe('an upstream', () => {
  it('that nobody listens at is a bad gateway', async () => {
    const upstream = `http://127.0.0.1:${UNUSED_PORT}`
    handler = await startHandler({}, { changeRoute: { upstream } })
    const answer = await send()
    expect(answer.status).toBe(502)
    expect(answer.body).toBe('{"error_code":"upstream_error"}')
    expect(answer.headers).toMatchObject({
      'content-type': ['application/json'],
      'access-control-allow-origin': [origin],
    })
  })

  it('that hangs up is asked once more, and then a bad gateway', async () => {
    handler = await startHandler()
    handler.answerWith((request) => request.socket.destroy())
    expect((await send()).status).toBe(502)
    expect(handler.upstreamRequests.map(({ method }) => method)).toEqual(['GET', 'GET'])
  })

  it('that hangs up once is not noticed by the client', async () => {
    handler = await startHandler()
    handler.answerWith((request, response) => {
      if (handler.upstreamRequests.length === 1) request.socket.destroy()
      else response.end('at last')
    })
    expect(await send('DELETE')).toMatchObject({ status: 200, body: 'at last' })
  })

  it('that has forgotten several connections is asked over a new one', async () => {
    handler = await startHandler()
    const known = new Set<unknown>()
    let isForgetful = false
    let held: (() => void)[] = []
    handler.answerWith(({ socket }, response) => {
      if (isForgetful && known.has(socket)) return void socket.destroy()
      known.add(socket)
      if (isForgetful) return void response.end('over a new one')
      held.push(() => response.end())
      if (held.length === 3) for (const answer of held) answer()
    })
    await Promise.all([send(), send(), send()])
    expect(known.size).toBe(3)
    isForgetful = true
    held = []
    expect(await send()).toMatchObject({ status: 200, body: 'over a new one' })
    expect(handler.upstreamRequests).toHaveLength(5)
  })

  it.each([
    ['POST', []],
    ['PATCH', []],
    ['POST', ['Content-Length: 4']],
    ['PUT', ['Content-Length: 4']],
  ])('that hangs up is not asked again to %s %j', async (method, lines) => {
    handler = await startHandler()
    handler.answerWith((request) => request.socket.destroy())
    expect((await send(method, lines, lines.length > 0 ? 'body' : '')).status).toBe(502)
    expect(handler.upstreamRequests).toHaveLength(1)
  })

  it('that hangs up in the midst of its answer is not asked again', async () => {
    handler = await startHandler()
    handler.answerWith((_request, response) => {
      response.write('half', () => response.destroy())
    })
    expect((await send()).status).toBe(200)
    expect(handler.upstreamRequests).toHaveLength(1)
  })

  it('that answers 503 is not asked again', async () => {
    handler = await startHandler()
    handler.answerWith((_request, response) => response.writeHead(503).end())
    expect((await send()).status).toBe(503)
    expect(handler.upstreamRequests).toHaveLength(1)
  })

  it('that talks nonsense is a bad gateway', async () => {
    handler = await startHandler()
    handler.answerWith((request) => request.socket.end('nonsense\r\n\r\n'))
    expect((await send()).status).toBe(502)
  })

  it('that does not answer in time is a gateway timeout, and is not asked again', async () => {
    handler = await startHandler({}, { changeRoute: { timeout: 0.02 } })
    handler.answerWith(() => {})
    const answer = await send()
    expect(answer.status).toBe(504)
    expect(answer.body).toBe('{"error_code":"upstream_timeout"}')
    expect(answer.headers['access-control-allow-origin']).toEqual([origin])
    expect(handler.upstreamRequests).toHaveLength(1)
  })

  it('that fails has no body for a HEAD request', async () => {
    handler = await startHandler()
    handler.answerWith((request) => request.socket.destroy())
    expect(await send('HEAD')).toMatchObject({ status: 502, body: '' })
  })

  it('that breaks off its answer has the connection of the client broken off', async () => {
    handler = await startHandler()
    handler.answerWith((_request, response) => {
      response.writeHead(200, { 'Content-Length': 10 })
      response.write('half', () => response.destroy())
    })
    expect(await send()).toMatchObject({ status: 200, body: 'half' })
    handler.answerWith((_request, response) => {
      response.write('half', () => response.destroy())
    })
    const chunked = await send()
    expect(chunked.headers['transfer-encoding']).toEqual(['chunked'])
    expect(handler.logText()).toContain('the upstream broke off its answer')
  })

  it('that redirects is not followed', async () => {
    handler = await startHandler()
    handler.answerWith((_request, response) => {
      response.writeHead(302, { Location: 'https://elsewhere.example/' }).end()
    })
    const answer = await send()
    expect(answer.status).toBe(302)
    expect(answer.headers['location']).toEqual(['https://elsewhere.example/'])
    expect(handler.upstreamRequests).toHaveLength(1)
  })

  it('that sends early hints is still answered for with its final answer', async () => {
    handler = await startHandler()
    handler.answerWith((_request, response) => {
      response.writeEarlyHints({ link: '</style.css>; rel=preload' }, () => response.end('final'))
    })
    expect(await send()).toMatchObject({ status: 200, body: 'final' })
  })

  it('that answers HEAD keeps the length it would have had', async () => {
    handler = await startHandler()
    handler.answerWith((_request, response) => {
      response.writeHead(200, { 'Content-Length': 42 }).end()
    })
    const answer = await send('HEAD')
    expect(answer).toMatchObject({ status: 200, body: '' })
    expect(answer.headers['content-length']).toEqual(['42'])
  })

  it.each([204, 304])('that answers %i has no body', async (status) => {
    handler = await startHandler()
    handler.answerWith((_request, response) => {
      response.writeHead(status).end()
    })
    expect(await send()).toMatchObject({ status, body: '' })
  })
})

describe('a server whose owner has it fail', () => {
  it('before any hook runs answers 500, and goes on', async () => {
    handler = await startHandler(
      {},
      {
        prepare: (server) => {
          server.setChildLoggerFactory(() => {
            throw new Error('There is no log.')
          })
        },
      },
    )
    for (const target of ['/nowhere', '/health']) {
      const answer = sendRaw(handler.port, requestText('GET', target, handler.goodLines))
      expect((await answer).status).toBe(500)
    }
    expect((await send()).status).toBe(200)
    expect(handler.logText()).toContain('There is no log.')
  })
})
