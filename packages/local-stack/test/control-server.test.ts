// The controls over HTTP, and who may use them.
import { afterEach, beforeEach, expect, test } from 'vitest'
import { startControlServer } from '../src/control-server.ts'
import type { ControlServer } from '../src/control-server.ts'
import { send } from './visitor.ts'
import type { Answer } from './visitor.ts'

const origin = 'http://www.app.localhost:5173'
let done: string[]
let server: ControlServer

beforeEach(async () => {
  done = []
  server = await startControlServer({
    port: 0,
    origin,
    controls: {
      expireAccessTokens: async () => void done.push('expire'),
      endSessions: async () => void done.push('end'),
      setApi: async (state) => void done.push(`api ${state}`),
      setAuthorizationServer: async (state) => void done.push(`authorization server ${state}`),
    },
  })
})

afterEach(async () => server.close())

const post = async (path: string, headers: Record<string, string> = {}): Promise<Answer> =>
  send(server.url + path, { method: 'POST', headers })

test.for([
  ['/expire-access-tokens', 'expire'],
  ['/end-sessions', 'end'],
  ['/api-down', 'api down'],
  ['/api-up', 'api up'],
  ['/authorization-server-slow', 'authorization server slow'],
  ['/authorization-server-nonsense', 'authorization server nonsense'],
  ['/authorization-server-error', 'authorization server error'],
] as const)('the page of the SPA can POST %s and read that it was done', async ([path, effect]) => {
  const { status, headers } = await post(path, { origin })

  expect(status).toBe(204)
  expect(headers.get('access-control-allow-origin')).toBe(origin)
  expect(done).toEqual([effect])
})

test.for([
  'http://evil.example',
  'null',
  'http://www.app.localhost:5174',
  `${origin}.evil.example`,
])('a page of %s can do nothing', async (foreign) => {
  const { status, headers } = await post('/end-sessions', { origin: foreign })

  expect(status).toBe(403)
  expect(headers.get('access-control-allow-origin')).not.toBe(foreign)
  expect(done).toEqual([])
})

test('a link or an image can do nothing', async () => {
  expect((await send(`${server.url}/end-sessions`)).status).toBe(405)
  expect(done).toEqual([])
})

test('a program on this machine needs no origin', async () => {
  expect((await post('/end-sessions')).status).toBe(204)
})

test('a control that does not exist is not found', async () => {
  expect((await post('/make-coffee', { origin })).status).toBe(404)
})
