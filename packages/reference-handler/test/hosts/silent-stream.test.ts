// An event stream that is silent for an hour: nothing between page and API may take it for dead.
import type { ServerResponse } from 'node:http'
import { expect, it, onTestFinished, vi } from 'vitest'
import { startHandler } from './handler.ts'
import { openSocket, readUntil, requestText } from './raw-http.ts'

it('an event stream may be silent for as long as it likes', async () => {
  // The connections to upstreams keep time with these; those of Node's servers are others.
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  onTestFinished(() => void vi.useRealTimers())
  const handler = await startHandler()
  onTestFinished(handler.close)
  const answering = new Promise<ServerResponse>((resolve) => {
    handler.answerWith((_request, response) => resolve(response))
  })
  const lines = handler.goodLines.filter((line) => !line.startsWith('Connection'))
  const socket = openSocket(handler.port)
  socket.write(requestText('GET', '/api/events', lines))
  const response = await answering
  response.writeHead(200, { 'content-type': 'text/event-stream' })
  response.write('data: first\n\n')
  await readUntil(socket, 'data: first')

  await vi.advanceTimersByTimeAsync(3_600_000)
  response.write('data: second\n\n')
  expect(await readUntil(socket, 'data: second')).toContain('data: second')
  socket.destroy()
})
