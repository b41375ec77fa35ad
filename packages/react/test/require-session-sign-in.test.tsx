// The guard that signs in by itself: when it leaves, when it does not, and what is shown meanwhile.
import { act, render, screen } from '@testing-library/react'
import { RequireSession, TokenHandlerProvider, useLogout } from '@token-handler/react'
import { StrictMode } from 'react'
import type { ReactElement } from 'react'
import { expect, test } from 'vitest'
import { createTestBed } from './setup.ts'

type TestClient = ReturnType<typeof createTestBed>['client']

function SignOut(): ReactElement {
  const { logout } = useLogout()
  return <button onClick={() => logout()}>Sign out</button>
}

function openGuarded(client: TestClient, fallback?: string): void {
  render(
    <StrictMode>
      <TokenHandlerProvider client={client}>
        <RequireSession
          signIn={{ parameters: { ui_locales: 'nl' } }}
          loading="one moment"
          {...(fallback !== undefined && { fallback })}
        >
          {({ claims }) => (
            <>
              <p>orders of {claims.name}</p>
              <SignOut />
            </>
          )}
        </RequireSession>
      </TokenHandlerProvider>
    </StrictMode>,
  )
}

test('a visitor leaves for the sign-in once, with the parameters, and sees no fallback', async () => {
  const { agent, client, departures } = createTestBed()
  openGuarded(client, 'please sign in')
  await expect.poll(() => departures).toHaveLength(1)
  expect(screen.getByText('one moment')).toBeDefined()
  expect(agent.calls('startLogin')).toMatchObject([{ parameters: { ui_locales: 'nl' } }])
})

test('after the sign-in the page is there', async () => {
  const { agent, client, departures, openPage } = createTestBed()
  openGuarded(client)
  await expect.poll(() => departures).toHaveLength(1)
  history.replaceState(null, '', agent.completeLogin(departures[0] ?? '', { user: 'alice' }))
  openGuarded(openPage().client)
  expect(await screen.findByText('orders of Alice')).toBeDefined()
})

test('an agent that does not start the sign-in is an error, and trying again leaves', async () => {
  const { agent, client, departures } = createTestBed()
  agent.failNext('startLogin', 'network-error')
  openGuarded(client, 'please sign in')
  expect((await screen.findByRole('alert')).textContent).toContain('agent_unreachable')
  act(() => screen.getByRole('button', { name: 'Try again' }).click())
  await expect.poll(() => departures).toHaveLength(1)
})

test('a user who changed their mind sees why, and is not sent back at once', async () => {
  const { agent, client, departures, openPage } = createTestBed()
  openGuarded(client)
  await expect.poll(() => departures).toHaveLength(1)
  history.replaceState(
    null,
    '',
    agent.completeLogin(departures[0] ?? '', { error: 'access_denied' }),
  )
  const next = openPage()
  openGuarded(next.client)
  expect((await screen.findByRole('alert')).textContent).toContain('login_failed')
  expect(next.departures).toEqual([])
  act(() => screen.getByRole('button', { name: 'Try again' }).click())
  await expect.poll(() => next.departures).toHaveLength(1)
})

test('a user who has signed out is not signed in again', async () => {
  const { agent, client } = createTestBed('alice')
  openGuarded(client)
  const button = await screen.findByRole('button', { name: 'Sign out' })
  act(() => button.click())
  expect(await screen.findByRole('button', { name: 'Sign in' })).toBeDefined()
  expect(agent.calls('startLogin')).toEqual([])
})

test('a user who goes back at the authorization server stays, and can sign in by the button', async () => {
  const { agent, client, departures } = createTestBed()
  openGuarded(client)
  await expect.poll(() => departures).toHaveLength(1)
  act(() => void window.dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true })))
  const button = await screen.findByRole('button', { name: 'Sign in' })
  expect(agent.calls('startLogin')).toHaveLength(1)
  act(() => button.click())
  await expect.poll(() => departures).toHaveLength(2)
})

test('a session that ends under the guard brings the sign-in', async () => {
  const { agent, client, departures } = createTestBed('alice')
  openGuarded(client)
  await screen.findByText('orders of Alice')
  agent.expireSession()
  await act(() => client.refresh().catch(() => {}))
  await expect.poll(() => departures).toHaveLength(1)
})
