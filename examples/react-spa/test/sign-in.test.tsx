// Signing in and out, and coming back to where one was.
import { screen, waitFor, within } from '@testing-library/react'
import { expect, test } from 'vitest'
import { agent } from './mock-servers.ts'
import { completeLogin, openApp } from './render-app.tsx'

test('a visitor sees the home page and can sign in from it', async () => {
  const { user, departures } = openApp('/')
  expect(screen.getByRole('heading', { level: 1, name: 'Coffee for long winters' })).toBeDefined()
  await user.click(await screen.findByRole('button', { name: 'Sign in to order' }))
  await waitFor(() => expect(departures).toHaveLength(1))
  expect(departures[0]).toMatch(/^https:\/\/login\.example\/authorize\?/)
})

test('an order that was opened signed out is on the screen after signing in', async () => {
  const { user, departures } = openApp('/orders/1002')
  const main = within(screen.getByRole('main'))
  expect(await main.findByRole('heading', { name: 'Sign in to see this page' })).toBeDefined()
  await user.click(main.getByRole('button', { name: 'Sign in' }))
  await waitFor(() => expect(departures).toHaveLength(1))

  completeLogin(departures, { user: 'alice' })
  await waitFor(() => expect(location.pathname + location.search).toBe('/orders/1002'))
  expect(await screen.findByText('First Light')).toBeDefined()
  expect(agent.calls('endLogin')).toHaveLength(1)
})

test('a cancelled sign-in says so and can be started again', async () => {
  const { user, departures } = openApp('/profile')
  const main = () => within(screen.getByRole('main'))
  await user.click(await main().findByRole('button', { name: 'Sign in' }))
  await waitFor(() => expect(departures).toHaveLength(1))
  const again = completeLogin(departures, { error: 'access_denied' })
  expect(await screen.findByRole('heading', { name: 'You are not signed in yet' })).toBeDefined()
  expect(location.search).toBe('')
  // There is nothing to try again but the sign-in.
  expect(main().queryByRole('button', { name: 'Try again' })).toBeNull()
  await again.user.click(main().getByRole('button', { name: 'Sign in' }))
  await waitFor(() => expect(again.departures).toHaveLength(1))
})

test('the profile shows what the ID token says', async () => {
  agent.signIn('alice')
  openApp('/profile')
  const main = within(screen.getByRole('main'))
  expect(await main.findByText('alice@example.com')).toBeDefined()
  expect(main.getByRole('heading', { name: 'Alice Andersson' })).toBeDefined()
})

test('after signing out nothing of the user is on the screen, and the browser leaves', async () => {
  agent.signIn('alice')
  const { user, departures } = openApp('/orders')
  expect(await screen.findByText('First Light')).toBeDefined()
  await user.click(screen.getByRole('button', { name: 'Sign out' }))
  expect(await screen.findByRole('heading', { name: 'Sign in to see this page' })).toBeDefined()
  expect(screen.queryByText('First Light')).toBeNull()
  expect(screen.queryByText('Alice Andersson')).toBeNull()
  await waitFor(() => expect(departures[0]).toMatch(/^https:\/\/login\.example\/logout/))
})

test('a failed sign-out says that one is still signed in', async () => {
  agent.signIn('alice')
  const { user } = openApp('/orders')
  agent.failNext('logout', 'network-error')
  await user.click(await screen.findByRole('button', { name: 'Sign out' }))
  expect(await screen.findByText('You are still signed in. Please try again.')).toBeDefined()
  expect(screen.getByText('First Light')).toBeDefined()
})

test('a sign-in service that does not answer is no reason to despair', async () => {
  agent.failNext('session', 'network-error')
  const { user } = openApp('/orders')
  expect(
    await screen.findByRole('heading', { name: 'We cannot reach the sign-in service' }),
  ).toBeDefined()
  agent.signIn('alice')
  await user.click(screen.getByRole('button', { name: 'Try again' }))
  expect(await screen.findByText('First Light')).toBeDefined()
})

test('a sign-in that cannot be started says so beside its button', async () => {
  const { user } = openApp('/')
  agent.failNext('startLogin', { status: 502, code: 'authorization_server_error' })
  await user.click(await screen.findByRole('button', { name: 'Sign in to order' }))
  expect((await screen.findByRole('alert')).textContent).toContain(
    'We cannot reach the sign-in service',
  )
})
