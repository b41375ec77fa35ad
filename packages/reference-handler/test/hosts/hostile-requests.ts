// Requests that no browser sends: targets, headers and bytes meant to confuse; for the handler, and for gateways.
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { describe, expect, it } from 'vitest'
import { hostileTargets, plainTargets } from '../proxy/targets.ts'
import type { TestHandler } from './handler.ts'
import { openSocket, readUntil, requestText, sendRaw } from './raw-http.ts'

/** What the requests are sent to: in front of an upstream whose route is `/api` and whose path is `/v1`. */
export type HostileSubject = Pick<
  TestHandler,
  'answerWith' | 'goodLines' | 'port' | 'upstreamRequests'
>

/** Where a subject is not like the handler. */
export interface HostileExpectations {
  /** Titles of requests that it answers in another way, which a test of its own, or its guide, has to show. */
  readonly differs?: readonly string[]
  /** Whether it has error answers of its own, which are no JSON, for what is no HTTP to it. */
  readonly hasOwnErrors?: boolean | undefined
  /** The path of the upstream. @default '/v1' */
  readonly upstreamPath?: string | undefined
}

type ParsedCase = [title: string, text: () => string, status: number]
type UnderWayCase = [title: string, method: string, lines: string[], garbage: string]

/**
 * Describes what becomes of such requests.
 *
 * @param handler - asked for only while a test runs
 */
export function describeHostileRequests(
  handler: HostileSubject,
  { differs = [], hasOwnErrors = false, upstreamPath = '/v1' }: HostileExpectations = {},
): void {
  const isAlike = ([title]: readonly unknown[]) => !differs.includes(String(title))
  const send = (target: string, method = 'GET') =>
    sendRaw(handler.port, requestText(method, target, handler.goodLines))

  const jsonError = (code: string) => ({
    'content-type': ['application/json'],
    body: JSON.stringify({ error_code: code }),
  })
  const read = ({ headers, body }: Awaited<ReturnType<typeof sendRaw>>) => ({
    'content-type': headers['content-type'],
    body,
  })

  function expectInvalid(answer: Awaited<ReturnType<typeof sendRaw>>, status = 400): void {
    // Whatever it says, it says no; or closes the connection.
    if (hasOwnErrors) {
      expect(answer.status === 0 || answer.status >= 400).toBe(true)
    } else {
      expect(answer.status).toBe(status)
      expect(read(answer)).toEqual(jsonError('invalid_request'))
    }
  }

  describe('a request target as raw bytes', () => {
    it.each(hostileTargets)('is refused when it has %s: %s', async (_title, target) => {
      expectInvalid(await send(target))
      expect(handler.upstreamRequests).toEqual([])
    })

    it.each(['POST', 'OPTIONS', 'PROPFIND', 'HEAD'])(
      'is refused for %s just the same',
      async (method) => {
        expect((await send('/api/%2e%2e/admin', method)).status).toBe(400)
        expect((await send('//api/orders', method)).status).toBe(400)
        expect((await send('/api/%', method)).status).toBe(400)
        expect(handler.upstreamRequests).toEqual([])
      },
    )

    it.each([
      ['a space', '/api/a b'],
      ['a control character', '/api/\u0001'],
      ['a delete character', '/api/\u007f'],
      ['a NUL', '/api/\u0000'],
      ['a tab', '/api/\ta'],
      ['nothing', ''],
    ])('is refused when it has %s', async (_title, target) => {
      expectInvalid(await send(target))
      expect(handler.upstreamRequests).toEqual([])
    })

    it.each(plainTargets)(
      'reaches the upstream byte by byte when it has %s: %s',
      async (_t, target) => {
        expect((await send(target)).status).toBe(200)
        const [path = '', ...query] = target.split('?')
        const expected = [upstreamPath + path.slice('/api'.length), ...query].join('?')
        expect(handler.upstreamRequests.map(({ url }) => url)).toEqual([expected])
      },
    )
  })

  describe('a request that Node cannot parse', () => {
    const lines = () => handler.goodLines
    it.each(
      (
        [
          ['no HTTP', () => 'hello\r\n\r\n', 400],
          ['an unknown method', () => requestText('STEAL', '/api', lines()), 400],
          ['a header without a name', () => requestText('GET', '/api', [...lines(), ': x']), 400],
          [
            'a space before the colon',
            () => requestText('GET', '/api', [...lines(), 'X : x']),
            400,
          ],
          ['a folded header', () => requestText('GET', '/api', [...lines(), 'X: a', ' b']), 400],
          [
            'a control character in a header',
            () => requestText('GET', '/api', [...lines(), 'X: \u0001']),
            400,
          ],
          [
            'two lengths',
            () =>
              requestText('POST', '/api', [...lines(), 'Content-Length: 1', 'Content-Length: 2']),
            400,
          ],
          [
            'a length and chunks',
            () =>
              requestText('POST', '/api', [
                ...lines(),
                'Content-Length: 5',
                'Transfer-Encoding: chunked',
              ]),
            400,
          ],
          [
            'chunks that are none',
            () =>
              requestText('POST', '/api', [...lines(), 'Transfer-Encoding: identity, chunked, x']),
            400,
          ],
          ['no Host', () => requestText('GET', '/api', lines().slice(1)), 400],
          [
            'headers beyond 16 KB',
            () => requestText('GET', '/api', [...lines(), `X: ${'x'.repeat(17_000)}`]),
            431,
          ],
          ['CONNECT', () => requestText('CONNECT', 'api.internal:443', lines()), 400],
        ] satisfies ParsedCase[]
      ).filter(isAlike),
    )('is answered with the documented error: %s', async (_title, text, status) => {
      expectInvalid(await sendRaw(handler.port, text()), status)
      expect(handler.upstreamRequests).toEqual([])
    })

    it.each(
      (
        [
          ['its chunks', 'POST', ['Transfer-Encoding: chunked'], 'no chunk\r\n'],
          ['what follows it', 'GET', [], 'no request\r\n\r\n'],
          ['a CONNECT that follows it', 'GET', [], requestText('CONNECT', 'api.internal:443', [])],
          [
            'what follows one that waits behind it',
            'GET',
            [],
            `${requestText('GET', '/health', ['Host: api.app.example'])}no request\r\n\r\n`,
          ],
        ] satisfies UnderWayCase[]
      ).filter(isAlike),
    )(
      'puts nothing into an answer that is under way: %s',
      async (_title, method, more, garbage) => {
        handler.answerWith((_request, response) => {
          response.write('an answer without end')
        })
        const kept = lines().filter((line) => !line.startsWith('Connection'))
        const socket = openSocket(handler.port)
        const head = requestText(method, '/api/events', [...kept, ...more])
        socket.write(method === 'POST' ? `${head}1\r\nx\r\n` : head)
        await readUntil(socket, 'without end')
        socket.write(garbage)
        expect(await text(socket)).toBe('')
      },
    )

    it.skipIf(differs.includes('is answered when it follows an answer that is complete'))(
      'is answered when it follows an answer that is complete',
      async () => {
        const kept = lines().filter((line) => !line.startsWith('Connection'))
        const socket = openSocket(handler.port)
        socket.write(requestText('GET', '/api/orders', kept))
        await readUntil(socket, ']}')
        socket.write('no request\r\n\r\n')
        expect(await readUntil(socket, 'invalid_request')).toMatch(/^HTTP\/1\.1 400 /)
        await once(socket.resume(), 'close')
      },
    )

    it.skipIf(
      differs.includes('is answered when it breaks off while the upstream has yet to answer'),
    )('is answered when it breaks off while the upstream has yet to answer', async () => {
      const asked = new Promise<void>((resolve) => {
        handler.answerWith(() => resolve())
      })
      const socket = openSocket(handler.port)
      const head = requestText('POST', '/api/orders', [...lines(), 'Transfer-Encoding: chunked'])
      socket.write(`${head}1\r\nx\r\n`)
      await asked
      socket.write('no chunk\r\n')
      expect(await readUntil(socket, 'invalid_request')).toMatch(/^HTTP\/1\.1 400 /)
      await once(socket.resume(), 'close')
    })

    it.skipIf(differs.includes('leaves the server as it was'))(
      'leaves the server as it was',
      async () => {
        await sendRaw(handler.port, '\u0000\u0001\u0002\r\n\r\n')
        expect((await send('/api/orders')).status).toBe(200)
      },
    )
  })

  it.each(['X-Real-IP', 'X_Real_IP', 'X_Real-IP', 'X_Auth-Request-User', 'X-Forwarded_Port'])(
    'a header that no client may send does not reach the upstream: %s',
    async (name) => {
      const lines = [...handler.goodLines, `${name}: forged`]
      const { status } = await sendRaw(handler.port, requestText('GET', '/api/orders', lines))
      expect(status === 200 || status === 400).toBe(true)
      expect(handler.upstreamRequests).toHaveLength(status === 200 ? 1 : 0)
      for (const { headers } of handler.upstreamRequests) {
        expect(Object.values(headers)).not.toContain('forged')
      }
    },
  )

  it('a second Connection line takes no header of ours away', async () => {
    const lines = [...handler.goodLines, 'Connection: authorization, x-forwarded-for']
    await sendRaw(handler.port, requestText('GET', '/api/orders', lines))
    expect(handler.upstreamRequests.map(({ headers }) => headers)).toEqual([
      expect.objectContaining({
        authorization: 'Bearer the-access-token',
        'x-forwarded-for': '127.0.0.1',
      }),
    ])
  })

  describe('an offer to switch protocols that opens no WebSocket', () => {
    const foreign = 'Upgrade: example/1'
    it.each([
      ['of another protocol', 'GET', ['Connection: Upgrade', foreign]],
      [
        'with settings for it',
        'GET',
        ['Connection: Upgrade, HTTP2-Settings', foreign, 'HTTP2-Settings: AAMAAABkAAQAAP__'],
      ],
      ['of several', 'GET', ['Connection: Upgrade', 'Upgrade: websocket, example/1']],
      ['of several, on two lines', 'GET', ['Connection: Upgrade', 'Upgrade: websocket', foreign]],
      ['with a method that opens none', 'POST', ['Connection: Upgrade', 'Upgrade: websocket']],
    ])('does not reach the upstream: %s', async (_title, method, lines) => {
      const kept = handler.goodLines.filter((line) => !line.startsWith('Connection'))
      const more = method === 'POST' ? ['Content-Length: 0'] : []
      const socket = openSocket(handler.port)
      socket.write(requestText(method, '/api/orders', [...kept, ...more, ...lines]))
      const head = await readUntil(socket, '\r\n\r\n')
      socket.destroy()
      const isAllowed = head.startsWith('HTTP/1.1 200 ')
      expect(isAllowed || /^HTTP\/1\.1 4\d\d /.test(head)).toBe(true)
      expect(handler.upstreamRequests).toHaveLength(isAllowed ? 1 : 0)
      for (const { headers } of handler.upstreamRequests) {
        expect(headers).not.toHaveProperty('upgrade')
        expect(headers).not.toHaveProperty('http2-settings')
        expect(headers.connection ?? '').not.toMatch(/upgrade|settings/i)
        expect(headers.authorization).toBe('Bearer the-access-token')
      }
    })
  })

  describe('a path that belongs to nobody', () => {
    const places = [
      ['GET', '/'],
      ['GET', '/apis'],
      ['POST', '/API/orders'],
      ['DELETE', '/oauth-agent'],
      ['PROPFIND', '/x'],
      ['OPTIONS', '/x'],
      ['TRACE', '/oauth-agent/session'],
    ] as const
    it.each(places.filter(([method, target]) => !differs.includes(`${method} ${target}`)))(
      'is answered with not_found: %s %s',
      async (method, target) => {
        const answer = await send(target, method)
        expect(answer.status).toBe(404)
        expect(read(answer)).toEqual(jsonError('not_found'))
        expect(answer.headers['access-control-allow-origin']).toEqual(['https://www.app.example'])
      },
    )
  })
}
