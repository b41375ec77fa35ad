// What the watch of a handler sees, whatever way an answer takes.
import { fastify } from 'fastify'
import { expect, test } from 'vitest'
import { watchHandler } from '../src/handler-watch.ts'

test('sees the cookies of every kind of answer of the agent, its calls, and nothing of APIs', async () => {
  const seen: string[] = []
  const server = fastify()
  const watch = watchHandler(server, '/agent', (value) => void seen.push(value))
  const headers = new Headers([
    ['set-cookie', 'a=of-fetch; Path=/'],
    ['set-cookie', 'b=; Max-Age=0'],
  ])
  server.get('/agent/session', async () => new Response('{}', { headers }))
  server.post('/agent/logout', async (_request, reply) =>
    reply.code(503).header('set-cookie', ['c=of-fastify', 'd=second']).send({}),
  )
  server.get('/agent/raw', (_request, reply) => {
    reply.hijack()
    reply.raw.writeHead(200, ['set-cookie', 'e=of-node', 'set-cookie', 'f=last']).end()
  })
  server.get('/api', async (_request, reply) => reply.header('set-cookie', 'g=of-an-api').send({}))
  const url = await server.listen({ host: '127.0.0.1', port: 0 })

  for (const path of ['/agent/session?a=1', '/agent/raw', '/api']) await fetch(url + path)
  await fetch(`${url}/agent/logout`, { method: 'POST' })
  await server.close()
  expect(seen).toEqual(['of-fetch', 'of-node', 'last', 'of-fastify', 'second'])
  expect(watch.agentCalls()).toEqual([
    { method: 'GET', path: '/session', operation: 'session', status: 200 },
    { method: 'GET', path: '/raw', operation: undefined, status: 200 },
    { method: 'POST', path: '/logout', operation: 'logout', status: 503 },
  ])
  watch.resetAgentCalls()
  expect(watch.agentCalls()).toEqual([])
})
