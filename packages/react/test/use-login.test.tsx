// Buttons that leave the page: what they show while it goes, and when it stays.
import { act, render, screen } from '@testing-library/react'
import { TokenHandlerError } from '@token-handler/client'
import { TokenHandlerProvider, useLogin, useLogout, useSession } from '@token-handler/react'
import type { ReactElement } from 'react'
import { expect, test } from 'vitest'
import { createTestBed } from './setup.ts'

type TestClient = ReturnType<typeof createTestBed>['client']

function SignIn(): ReactElement {
  const { login, status, error } = useLogin()
  return (
    <>
      <button disabled={status === 'pending'} onClick={() => login()}>
        Sign in
      </button>
      <p>{error ? error.message : status}</p>
    </>
  )
}

function SignOut(): ReactElement {
  const { logout, status, error } = useLogout()
  return (
    <>
      <button onClick={() => logout()}>Sign out</button>
      <p>{error ? error.message : status}</p>
      <p>{useSession().status}</p>
    </>
  )
}

const show = (client: TestClient, node: ReactElement) =>
  render(<TokenHandlerProvider client={client}>{node}</TokenHandlerProvider>)
const press = (name: string): void => act(() => screen.getByRole('button', { name }).click())

test('a sign-in button is pending while the page leaves', async () => {
  const { client, departures } = createTestBed()
  show(client, <SignIn />)
  expect(screen.getByText('idle')).toBeDefined()
  press('Sign in')
  expect(screen.getByRole('button').hasAttribute('disabled')).toBe(true)
  await expect.poll(() => departures).toHaveLength(1)
  expect(screen.getByText('pending')).toBeDefined()
})

// `void login()` with the agent down was an unhandled rejection, and the user saw nothing.
test('a sign-in that cannot start shows why, and can be tried again', async () => {
  const { agent, client, departures } = createTestBed()
  agent.failNext('startLogin', 'network-error')
  show(client, <SignIn />)
  press('Sign in')
  expect(await screen.findByText(/^No answer to startLogin/)).toBeDefined()
  press('Sign in')
  expect(screen.getByText('pending')).toBeDefined()
  await expect.poll(() => departures).toHaveLength(1)
})

test('the button works again on a page that comes back out of the back/forward cache', async () => {
  const { client, departures } = createTestBed()
  show(client, <SignIn />)
  press('Sign in')
  await expect.poll(() => departures).toHaveLength(1)
  act(() => void window.dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true })))
  expect(await screen.findByText('returned')).toBeDefined()
  expect(screen.getByRole('button').hasAttribute('disabled')).toBe(false)
})

test('a navigation that was stopped is no failure', async () => {
  const stopped = new TokenHandlerError('navigation_stopped', 'The page has not left.')
  const { client } = createTestBed()
  show({ ...client, login: () => Promise.reject(stopped) }, <SignIn />)
  press('Sign in')
  expect(await screen.findByText('returned')).toBeDefined()
})

test('a first page load is no return', async () => {
  const { agent, client } = createTestBed()
  const held = agent.hang('startLogin')
  show(client, <SignIn />)
  press('Sign in')
  await held.arrived
  act(() => void window.dispatchEvent(new PageTransitionEvent('pageshow', { persisted: false })))
  expect(screen.getByText('pending')).toBeDefined()
  held.release()
})

test('a sign-out that fails says so, and the user is still signed in', async () => {
  const { agent, client } = createTestBed('alice')
  agent.failNext('logout', 'network-error')
  show(client, <SignOut />)
  await screen.findByText('authenticated')
  press('Sign out')
  expect(await screen.findByText(/^No answer to logout/)).toBeDefined()
  expect(screen.getByText('authenticated')).toBeDefined()
  press('Sign out')
  expect(await screen.findByText('unauthenticated')).toBeDefined()
})
