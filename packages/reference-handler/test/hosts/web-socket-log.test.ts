// What the log says of the handshakes of WebSockets.
import { describe, expect, it, vi } from 'vitest'
import { accessToken } from './handler.ts'
import type { TestHandler } from './handler.ts'
import { requestText, sendRaw } from './raw-http.ts'
import { beginWebSocket, handshakeLines, openWebSocket, useHandler } from './web-socket-fixture.ts'

const start = useHandler()

const query = '?q=planted-1f0c'
const INFO = 30

/** Waits for the lines that tell how handshakes were answered. */
async function readLines(handler: TestHandler): Promise<readonly Record<string, unknown>[]> {
  const read = () =>
    handler
      .logText()
      .split('\n')
      .filter((line) => line.includes('"path"'))
      .map((line): Record<string, unknown> => JSON.parse(line))
  await vi.waitUntil(() => read().length > 0, { timeout: 5000 })
  return read()
}

/** Asks for a WebSocket without its cookie. */
const askInVain = (handler: TestHandler) => {
  const lines = handshakeLines(handler).filter((line) => !line.startsWith('Cookie'))
  return sendRaw(handler.port, requestText('GET', `/api/live${query}`, lines))
}

const line = { level: INFO, method: 'GET', path: '/api/live', msg: 'answered' }

describe('the log', () => {
  it('has one line for a WebSocket that opens, when it opens, without anything confidential', async () => {
    const handler = await start()
    const { client } = await openWebSocket(handler, `/api/live${query}`)
    const milliseconds: unknown = expect.any(Number)
    expect(await readLines(handler)).toMatchObject([{ ...line, status: 101, milliseconds }])
    client.destroy()
    const text = handler.logText()
    expect(text).not.toContain(query)
    expect(text).not.toContain(accessToken)
    expect(text).not.toContain(handler.goodLines.find((header) => header.startsWith('Cookie')))
  })

  it('has one for a WebSocket that is refused, and says why at level debug', async () => {
    const handler = await start()
    await askInVain(handler)
    expect(await readLines(handler)).toMatchObject([{ ...line, status: 401 }])
    expect(handler.logText()).toMatch(/"level":20.*"msg":"request refused"/)
    expect(handler.logText()).not.toContain(query)
  })

  it('warns of a WebSocket that is one too many', async () => {
    const handler = await start({}, { server: { maxWebSockets: 1 } })
    const { client } = await openWebSocket(handler)
    await sendRaw(handler.port, requestText('GET', '/api/live', handshakeLines(handler)))
    expect(handler.logText()).toMatch(/"level":40.*maxWebSockets.*"msg":"request refused"/)
    client.destroy()
  })

  it('has one for a WebSocket that the API declines, with the status of the API', async () => {
    const handler = await start()
    handler.upstream.once('upgrade', (_request, socket) => {
      socket.end('HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n')
    })
    await sendRaw(handler.port, requestText('GET', '/api/live', handshakeLines(handler)))
    expect(await readLines(handler)).toMatchObject([{ ...line, status: 403 }])
  })

  it('has one for a client that leaves before the answer', async () => {
    const handler = await start()
    const { client } = await beginWebSocket(handler)
    client.destroy()
    const msg = 'connection lost before the end of the answer'
    expect(await readLines(handler)).toMatchObject([{ ...line, msg }])
  })
})
