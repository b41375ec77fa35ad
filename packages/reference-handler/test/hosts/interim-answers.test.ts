// Interim answers of an upstream (RFC 9110 section 15.2), which no request of ours asks for.
import { describe, expect, it } from 'vitest'
import type { Socket } from 'node:net'
import { setImmediate } from 'node:timers/promises'
import { shareHandler } from './handler.ts'
import { requestText, sendRaw } from './raw-http.ts'

const handler = await shareHandler()

const CONTINUE = 'HTTP/1.1 100 Continue\r\n\r\n'
const HINTS = 'HTTP/1.1 103 Early Hints\r\nLink: </style.css>; rel=preload\r\n\r\n'
const PROCESSING = 'HTTP/1.1 102 Processing\r\n\r\n'
const FINAL = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok'

const send = (method = 'GET', lines: readonly string[] = [], body = '') =>
  sendRaw(handler.port, requestText(method, '/api/orders', [...handler.goodLines, ...lines]) + body)

/** Has the upstream write bytes in place of its answer; for Node, its connection waits for that one. */
const answerRaw = (text: string) => {
  handler.answerWith(({ socket }) => void socket.write(text))
}

describe('an upstream that sends interim answers', () => {
  it.each([
    ['100', CONTINUE],
    ['100 twice', CONTINUE + CONTINUE],
    ['100 with headers', 'HTTP/1.1 100 Continue\r\nServer: a\r\nX-Text: HTTP/1.1 100\r\n\r\n'],
    ['100 without a reason', 'HTTP/1.1 100\r\n\r\n'],
    ['102', PROCESSING],
    ['103', HINTS],
    ['103 and 100 and 102', HINTS + CONTINUE + PROCESSING],
    ['an unknown one', 'HTTP/1.1 199 Whatever\r\n\r\n'],
  ])('is answered for with its final answer, and asked once: %s', async (_title, interim) => {
    for (const method of ['GET', 'DELETE', 'POST']) {
      handler.reset()
      answerRaw(interim + FINAL)
      expect(await send(method)).toMatchObject({ status: 200, body: 'ok' })
      expect(handler.upstreamRequests).toHaveLength(1)
    }
  })

  it('is understood however its bytes are cut', async () => {
    const bytes = HINTS + CONTINUE + FINAL
    async function writeSlowly(socket: Socket): Promise<void> {
      socket.setNoDelay(true)
      for (const byte of bytes) {
        socket.write(byte)
        await setImmediate()
      }
    }
    handler.answerWith(({ socket }) => void writeSlowly(socket))
    expect(await send()).toMatchObject({ status: 200, body: 'ok' })
  })

  it('may take the body of a request only then', async () => {
    handler.answerWith((request) => {
      request.socket.write(CONTINUE)
      request.once('data', () => request.socket.write(FINAL))
    })
    const answer = await send('POST', ['Content-Length: 4'], 'body')
    expect(answer).toMatchObject({ status: 200, body: 'ok' })
  })

  it('keeps what only looks like one, in its body', async () => {
    const body = CONTINUE + FINAL
    handler.answerWith(({ socket }) => {
      const head = `HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\n\r\n`
      socket.write(head, () => socket.write(CONTINUE, () => socket.write(FINAL)))
    })
    expect(await send()).toMatchObject({ status: 200, body })
  })

  it('has its HEAD answered', async () => {
    answerRaw(`${CONTINUE}HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\n`)
    const answer = await send('HEAD')
    expect(answer).toMatchObject({ status: 200, body: '' })
    expect(answer.headers['content-length']).toEqual(['7'])
  })

  it('is a bad gateway when its interim answer has no end, or nothing follows it', async () => {
    answerRaw(`HTTP/1.1 100 Continue\r\nX-Long: ${'a'.repeat(40_000)}`)
    expect((await send('POST')).status).toBe(502)
    handler.answerWith(({ socket }) => void socket.end(CONTINUE))
    expect((await send('POST')).status).toBe(502)
  })

  it('is a bad gateway when it switches protocols that nobody offered', async () => {
    answerRaw('HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: h2c\r\n\r\n')
    expect((await send('POST')).status).toBe(502)
  })

  it('is asked over the same connection again', async () => {
    answerRaw(CONTINUE + FINAL)
    await send()
    await send()
    const sockets = new Set(handler.upstreamRequests.map(({ socket }) => socket.remotePort))
    expect(sockets.size).toBe(1)
  })
})
