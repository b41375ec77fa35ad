// What a page shows that comes out of the browser's back/forward cache.
import { screen, waitFor } from '@testing-library/react'
import { expect, test } from 'vitest'
import { agent } from './mock-servers.ts'
import { openApp } from './render-app.tsx'

/** jsdom has no page transitions; listeners look at `persisted` only. */
function dispatchTransition(type: 'pagehide' | 'pageshow'): void {
  window.dispatchEvent(Object.assign(new Event(type), { persisted: true }))
}

const isCovered = (): boolean => document.documentElement.hasAttribute('data-restoring')

test('a page that comes back stays covered until the agent has confirmed the session', async () => {
  agent.signIn('alice')
  openApp('/orders')
  await screen.findByText('First Light')
  const calls = agent.calls('session').length
  dispatchTransition('pagehide')
  expect(isCovered()).toBe(true)
  dispatchTransition('pageshow')
  expect(isCovered()).toBe(true)
  await waitFor(() => expect(isCovered()).toBe(false))
  expect(screen.getByText('First Light')).toBeDefined()
  expect(agent.calls('session')).toHaveLength(calls + 1)
})

test('a page that comes back after a sign-out elsewhere is uncovered without what it showed', async () => {
  agent.signIn('alice')
  openApp('/orders')
  await screen.findByText('First Light')
  dispatchTransition('pagehide')
  agent.signOut()
  dispatchTransition('pageshow')
  await waitFor(() => expect(isCovered()).toBe(false))
  expect(screen.queryByText('First Light')).toBeNull()
})

test('who comes back from the sign-in page can leave for it again', async () => {
  const { user, departures } = openApp('/')
  await user.click(await screen.findByRole('button', { name: 'Sign in to order' }))
  await waitFor(() => expect(departures).toHaveLength(1))
  expect(screen.getByRole('button', { name: 'Opening sign-in…' })).toBeDefined()
  dispatchTransition('pagehide')
  dispatchTransition('pageshow')
  await user.click(await screen.findByRole('button', { name: 'Sign in to order' }))
  await waitFor(() => expect(departures).toHaveLength(2))
})
