// The guard for routes: who gets past it, and what becomes of the others.
import { ensureSession } from '@token-handler/react'
import { expect, expectTypeOf, test } from 'vitest'
import { createTestBed } from './setup.ts'
import type { AppClaims } from './setup.ts'

test('a signed-in user gets past, with typed claims', async () => {
  const { agent, client } = createTestBed('alice')
  const session = await ensureSession(client)
  expectTypeOf(session.claims).toEqualTypeOf<AppClaims>()
  expect(session.claims.name).toBe('Alice')
  await ensureSession(client)
  expect(agent.calls()).toHaveLength(1)
})

test('a visitor leaves for the sign-in, to come back to the route that was asked for', async () => {
  const { agent, client, departures, openPage } = createTestBed()
  void ensureSession(client, { returnTo: '/orders/7?tab=notes' })
  await expect.poll(() => departures).toHaveLength(1)
  history.replaceState(null, '', agent.completeLogin(departures[0] ?? '', { user: 'alice' }))
  const { returnTo } = await openPage().client.load()
  expect(returnTo).toBe('/orders/7?tab=notes')
})

test('a visitor meets what the app throws instead', async () => {
  const { client, departures } = createTestBed()
  const redirect = new Response(null, { status: 302, headers: { location: '/welcome' } })
  await expect(ensureSession(client, { onSignedOut: () => redirect })).rejects.toBe(redirect)
  expect(departures).toEqual([])
})

test('an agent that does not answer is an error, and no reason to sign in', async () => {
  const { agent, client, departures } = createTestBed('alice')
  agent.failNext('session', { status: 502, code: 'authorization_server_error' })
  await expect(ensureSession(client)).rejects.toMatchObject({ code: 'agent_unreachable' })
  expect(departures).toEqual([])
  expect((await ensureSession(client)).claims.name).toBe('Alice')
})

test('a sign-in that cannot be started is the error of the route', async () => {
  const { agent, client } = createTestBed()
  agent.failNext('startLogin', 'network-error')
  await expect(ensureSession(client)).rejects.toMatchObject({ code: 'agent_unreachable' })
})

test('a route that is only preloaded starts no sign-in', async () => {
  const { agent, client, departures } = createTestBed()
  const options = { returnTo: '/orders', preload: true }
  await expect(ensureSession(client, options)).rejects.toMatchObject({ code: 'session_expired' })
  expect(departures).toEqual([])
  expect(agent.calls().map(({ operation }) => operation)).toEqual(['session'])
  agent.signIn('alice')
  await client.session()
  expect((await ensureSession(client, options)).claims.name).toBe('Alice')
})

test('a route that is only preloaded meets what the app throws instead, too', async () => {
  const { client } = createTestBed()
  const redirect = new Response(null, { status: 302, headers: { location: '/welcome' } })
  const options = { onSignedOut: () => redirect, preload: true }
  await expect(ensureSession(client, options)).rejects.toBe(redirect)
})

// The session is `loading` again although `load()` is done: the guard called it for ever, and no answer came through.
test('a user who takes the place of another is waited for, and the page stays responsive', async () => {
  const { agent, client, comeBackAfterAnotherUser } = createTestBed('alice')
  await client.load()
  agent.signIn('bob')
  const held = agent.hang('session')
  comeBackAfterAnotherUser()
  expect(client.getSnapshot().status).toBe('loading')
  let loads = 0
  const load: typeof client.load = () => {
    loads += 1
    if (loads > 100) throw new Error('The guard leaves nothing else to happen.')
    return client.load()
  }
  const guarded = expect(ensureSession({ ...client, load })).resolves.toMatchObject({
    claims: { name: 'Bob' },
  })
  await held.arrived
  // A task: what only makes microtasks lets none come.
  await new Promise((resolve) => {
    setTimeout(resolve)
  })
  held.release()
  await guarded
  // Once at the start, once for the next user, and maybe once more when the page has told its other copies of them.
  expect(agent.calls('session').length).toBeLessThan(4)
})

test('a guard that waits for another user meets the agent that does not answer, once', async () => {
  const { agent, client, comeBackAfterAnotherUser } = createTestBed('alice')
  await client.load()
  agent.failNext('session', { status: 502, code: 'authorization_server_error' }, { times: 9 })
  comeBackAfterAnotherUser()
  await expect(ensureSession(client)).rejects.toMatchObject({ code: 'agent_unreachable' })
  expect(agent.calls('session')).toHaveLength(2)
})
