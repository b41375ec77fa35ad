// How long a client has for its request, and how long its connection is kept without one.
import { afterEach, expect, it } from 'vitest'
import { startHandler } from './handler.ts'
import type { TestHandler } from './handler.ts'
import { openSocket, parseAnswer, readUntil, requestText } from './raw-http.ts'

let handler: TestHandler
afterEach(async () => {
  await handler.close()
})

/** The answer to a request whose connection is kept. */
async function ask() {
  const socket = openSocket(handler.port)
  const lines = handler.goodLines.filter((line) => !line.startsWith('Connection'))
  socket.write(requestText('GET', '/oauth-agent/session', lines))
  const text = await readUntil(socket, 'is_logged_in')
  socket.destroy()
  return parseAnswer(text)
}

it('a connection is kept for 72 seconds, and a request may take five minutes', async () => {
  handler = await startHandler()
  expect((await ask()).headers['keep-alive']).toEqual(['timeout=72'])
  expect(handler.server.server.requestTimeout).toBe(300_000)
})

it('a connection is kept, and a request may take, as long as the configuration says', async () => {
  handler = await startHandler({ server: { keepAliveTimeout: 5, requestTimeout: 3600 } })
  expect((await ask()).headers['keep-alive']).toEqual(['timeout=5'])
  expect(handler.server.server.requestTimeout).toBe(3_600_000)
})
