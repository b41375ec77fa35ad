// The days that are hard to reproduce: an agent that is slow or gone, a session that ends elsewhere, an API that says no.
import { screen, within } from '@testing-library/react'
import { expect, test } from 'vitest'
import { agent, api } from './mock-servers.ts'
import { openApp } from './render-app.tsx'

const main = () => within(screen.getByRole('main'))

test('while the agent takes its time the page says that it is finding out', async () => {
  agent.signIn('alice')
  const slow = agent.hang('session')
  openApp('/orders')
  await slow.arrived
  expect(screen.getByText('Finding out who you are…')).toBeDefined()
  expect(main().queryByRole('button', { name: 'Sign in' })).toBeNull()
  slow.release()
  expect(await screen.findByText('First Light')).toBeDefined()
})

test('a slow refresh is waited for, once, by everything on the page', async () => {
  agent.signIn('alice')
  agent.expireAccessToken()
  const slow = agent.hang('refresh')
  openApp('/orders')
  await slow.arrived
  expect(screen.queryByText('First Light')).toBeNull()
  slow.release()
  expect(await screen.findByText('First Light')).toBeDefined()
  expect(agent.calls('refresh')).toHaveLength(1)
})

test('a session that was ended in another tab brings the sign-in at the next call', async () => {
  agent.signIn('alice')
  const { user } = openApp('/orders')
  await screen.findByText('First Light')
  agent.signOut()
  await user.selectOptions(screen.getByLabelText('Coffee'), 'Drift Ice')
  await user.click(screen.getByRole('button', { name: 'Place order' }))
  expect(await screen.findByRole('heading', { name: 'Your session has ended' })).toBeDefined()
  expect(screen.queryByText('First Light')).toBeNull()
  expect(api.orders).toHaveLength(2)
})

test('a session that the authorization server has ended brings the sign-in', async () => {
  agent.signIn('alice')
  agent.expireSession()
  openApp('/orders')
  expect(await screen.findByRole('heading', { name: 'Your session has ended' })).toBeDefined()
})

test('a new cookie key signs out quietly', async () => {
  agent.signIn('alice')
  agent.rotateCookieKey()
  openApp('/orders')
  expect(await screen.findByRole('heading', { name: 'Sign in to see this page' })).toBeDefined()
})

test('an API that says no is no reason to sign in again', async () => {
  agent.signIn('alice')
  api.mood = 'forbidden'
  openApp('/orders')
  expect(await screen.findByRole('heading', { name: 'We cannot reach your orders' })).toBeDefined()
  expect(screen.getByText('Alice Andersson')).toBeDefined()
  expect(agent.calls('refresh')).toEqual([])
})

test('every call of the app is one that the agent knows', async () => {
  agent.signIn('alice')
  openApp('/orders')
  await screen.findByText('First Light')
  agent.expectNoUnexpectedCalls()
})
