// The agent past Fastify, when it fails, and when somebody else has answered.
import { afterEach, expect, it } from 'vitest'
import type { PlainAgent } from '../../src/agent/oauth-agent.ts'
import { serveOperations } from '../../src/hosts/fastify/direct-agent.ts'
import { createHost } from '../../src/hosts/fastify/host.ts'
import { createLogger } from '../../src/hosts/node/logger.ts'
import { createDeferred } from '../support/deferred.ts'
import { origin } from './handler.ts'
import { openSocket, readAll, requestText } from './raw-http.ts'

const closers: (() => Promise<void>)[] = []
afterEach(async () => {
  await Promise.all(closers.splice(0).map((close) => close()))
})

async function startServer(agent: PlainAgent) {
  const lines: string[] = []
  const logger = createLogger('info', { write: (line) => void lines.push(line) })
  const server = { drainFor: 0, keepAliveTimeout: 5, requestTimeout: 5 }
  const { app, front } = createHost({ logger, findReaders: () => [origin], server })
  const readConnection = () => ({ address: '127.0.0.1', protocol: 'http' }) as const
  serveOperations(front, { agent, agentPath: '/agent', readConnection })
  closers.push(() => app.close())
  await app.listen({ host: '127.0.0.1', port: 0 })
  const open = () => {
    const socket = openSocket(Number(Object(app.server.address()).port))
    socket.write(
      requestText('GET', '/agent/session', ['Host: a', `Origin: ${origin}`, 'Connection: close']),
    )
    return socket
  }
  const ask = () => readAll(open())
  return { app, ask, open, messages: () => lines.map((line) => String(JSON.parse(line).msg)) }
}

const answer = { status: 200, headers: { 'x-late': '1' }, setCookies: ['a=1', 'b=2'], body: 'é' }

it('answers with all lines, and the length of the body in bytes', async () => {
  const { ask } = await startServer(async () => answer)
  const [head, body] = (await ask()).split('\r\n\r\n')
  expect(head).toContain('x-late: 1\r\nset-cookie: a=1\r\nset-cookie: b=2\r\ncontent-length: 2')
  expect(Buffer.from(body ?? '', 'latin1').toString()).toBe('é')
})

it.each<[string, PlainAgent]>([
  ['that fails', () => Promise.reject(new Error('A fault.'))],
  [
    'that throws',
    () => {
      throw new Error('A fault.')
    },
  ],
  ['whose answer is no plain data', async () => new Response('')],
  ['whose answer is none of HTTP', async () => ({ ...answer, headers: { 'x-bad': 'a\r\nb' } })],
])('an agent %s is answered for with 500, which the page can read', async (_name, agent) => {
  const { ask, messages } = await startServer(agent)
  const [head, body] = (await ask()).split('\r\n\r\n')
  expect(head).toMatch(/^HTTP\/1.1 500 Internal Server Error\r\n/)
  expect(head).toContain(`access-control-allow-origin: ${origin}\r\n`)
  expect(head).not.toContain('x-bad')
  expect(body).toBe('{"error_code":"server_error"}')
  expect(messages()).toContain('unexpected error')
})

it('drops an answer that comes after that of the end of the server', async () => {
  const asked = createDeferred()
  const late = createDeferred()
  const { app, ask, messages } = await startServer(async () => {
    asked.resolve()
    await late.promise
    return answer
  })
  const answered = ask()
  await asked.promise
  const closing = app.close()
  expect(await answered).toMatch(/^HTTP\/1.1 503 /)
  late.resolve()
  await closing
  expect(messages()).not.toContain('unexpected error')
})

it('drops an answer whose client has left, and serves the next one', async () => {
  const asked = createDeferred()
  const late = createDeferred()
  let isFirst = true
  const { ask, messages, open } = await startServer(async () => {
    if (!isFirst) return answer
    isFirst = false
    asked.resolve()
    await late.promise
    return answer
  })
  const socket = open()
  await asked.promise
  socket.destroy()
  await expect.poll(messages).toContain('connection lost before the end of the answer')
  late.resolve()
  expect(await ask()).toMatch(/^HTTP\/1.1 200 /)
  expect(messages()).not.toContain('unexpected error')
})
