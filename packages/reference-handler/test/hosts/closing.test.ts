// What becomes of requests and streams when the server closes.
import { once } from 'node:events'
import type { ServerResponse } from 'node:http'
import { describe, expect, it, vi } from 'vitest'
import { startHandler } from './handler.ts'
import { createDeferred } from '../support/deferred.ts'
import { openSocket, parseAnswer, readAll, readUntil, requestText } from './raw-http.ts'

/** What happens by itself may take as long as a test may. */
const PATIENCE = { timeout: 5000 }

describe('closing the server', () => {
  it('lets a request that is under way finish, and closes its connection', async () => {
    const handler = await startHandler()
    const answering = new Promise<ServerResponse>((resolve) => {
      handler.answerWith((_request, response) => resolve(response))
    })
    const lines = handler.goodLines.filter((line) => !line.startsWith('Connection'))
    const socket = openSocket(handler.port)
    socket.write(requestText('GET', '/api/slow', lines))
    const response = await answering
    const closing = handler.server.close()
    response.end('finished')
    expect(await readUntil(socket, 'finished')).toContain('HTTP/1.1 200')
    await Promise.all([once(socket.resume(), 'close'), closing])
    await handler.close()
  })

  it.each(['/api/slow', '/oauth-agent/login/start'])(
    'has the answer say that its connection closes: %s',
    async (path) => {
      const asked = createDeferred()
      const answered = createDeferred()
      const handler = await startHandler(
        {},
        {
          fetch: async () => {
            asked.resolve()
            await answered.promise
            throw new Error('There is no authorization server.')
          },
        },
      )
      handler.answerWith((_request, response) => {
        asked.resolve()
        void answered.promise.then(() => response.end('finished'))
      })
      const lines = handler.goodLines.filter((line) => !line.startsWith('Connection'))
      const socket = openSocket(handler.port)
      socket.write(requestText('POST', path, [...lines, 'Content-Length: 0']))
      await asked.promise
      const closing = handler.server.close()
      await vi.waitUntil(() => !handler.server.server.listening, PATIENCE)
      answered.resolve()
      const { headers } = parseAnswer(await readAll(socket))
      expect(headers['connection']).toEqual(['close'])
      expect(headers['keep-alive']).toBeUndefined()
      await closing
      await handler.close()
    },
  )

  it('cuts off a stream that does not end, without a word about it from the upstream', async () => {
    const handler = await startHandler({ server: { drainFor: 0 } })
    handler.answerWith((_request, response) => {
      response.write('data: first\n\n')
    })
    const socket = openSocket(handler.port)
    socket.write(requestText('GET', '/api/events', handler.goodLines))
    await readUntil(socket, 'data: first')
    await Promise.all([once(socket.resume(), 'close'), handler.server.close()])
    await vi.waitUntil(() => handler.logText().includes('connection lost before the end'), PATIENCE)
    expect(handler.logText()).not.toContain('"level":40')
    await handler.close()
  })
})
