// Answers to requests that are still arriving: the client comes to read them.
import { once } from 'node:events'
import { expect, it } from 'vitest'
import { shareHandler } from './handler.ts'
import { openSocket, parseAnswer, readAll, requestText } from './raw-http.ts'

const handler = await shareHandler()

const LENGTH = 900_000

/** Sends a part of a body, waits for the answer, and sends the rest; tells what came, and what went wrong. */
async function sendSlowly(path: string, lines: readonly string[]) {
  const socket = openSocket(handler.port)
  const errors: Error[] = []
  socket.on('error', (error) => errors.push(error))
  const all = [...lines, 'Content-Type: text/plain', `Content-Length: ${LENGTH}`]
  socket.write(requestText('POST', path, all) + 'x'.repeat(20_000))
  const answer = readAll(socket)
  await once(socket, 'data')
  for (let sent = 20_000; sent < LENGTH; sent += 40_000) {
    if (!socket.write('x'.repeat(40_000)) && !socket.closed) {
      await Promise.race([once(socket, 'drain'), once(socket, 'close')]).catch(() => undefined)
    }
  }
  return { answer: parseAnswer(await answer), errors }
}

const without = (name: string) => handler.goodLines.filter((line) => !line.startsWith(name))

it.each<[string, string, () => readonly string[], number]>([
  [
    'a body that is too large for the agent',
    '/oauth-agent/login/end',
    () => handler.goodLines,
    413,
  ],
  ['a foreign page', '/oauth-agent/login/end', () => without('Token-Handler'), 403],
  ['an upload without a session', '/api/upload', () => without('Cookie'), 401],
])('reaches the client: to %s', async (_title, path, lines, status) => {
  const { answer, errors } = await sendSlowly(path, lines())
  expect(errors).toEqual([])
  expect(answer.status).toBe(status)
  expect(answer.headers['connection']).toEqual(['close'])
})

it('reaches the client: of an API that takes no more', async () => {
  handler.answerWith((_request, response) => response.writeHead(413).end('too much'))
  const { answer, errors } = await sendSlowly('/api/upload', handler.goodLines)
  expect(errors).toEqual([])
  expect(answer).toMatchObject({ status: 413, body: 'too much' })
})
