// The guard that signs in by itself: when it leaves, when it does not, and what is shown meanwhile.
import { act, cleanup, render, screen } from '@testing-library/react'
import { createSilentLogin } from '@token-handler/client/silent-login'
import { RequireSession, TokenHandlerProvider, useLogout } from '@token-handler/react'
import { StrictMode } from 'react'
import type { ReactElement } from 'react'
import { expect, test, vi } from 'vitest'
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

/** A page of the tab that is loaded anew, with the guard. */
function openAnew({ openPage }: ReturnType<typeof createTestBed>, url = '/') {
  cleanup()
  history.replaceState(null, '', url)
  const next = openPage()
  openGuarded(next.client)
  return next
}

// Without the back/forward cache the page left at once again: "back" led nowhere else than to the sign-in.
test('so does one who goes back to a page that has to be loaded anew', async () => {
  const bed = createTestBed()
  openGuarded(bed.client)
  await expect.poll(() => bed.departures).toHaveLength(1)
  const { departures } = openAnew(bed)
  const button = await screen.findByRole('button', { name: 'Sign in' })
  expect(bed.agent.calls('startLogin')).toHaveLength(1)
  act(() => button.click())
  await expect.poll(() => departures).toHaveLength(1)
})

test('a user who comes back from the sign-out at the authorization server is not signed in again', async () => {
  const bed = createTestBed('alice')
  openGuarded(bed.client)
  const signOut = await screen.findByRole('button', { name: 'Sign out' })
  act(() => signOut.click())
  await expect.poll(() => bed.departures).toHaveLength(1)
  const { departures } = openAnew(bed)
  const signIn = await screen.findByRole('button', { name: 'Sign in' })
  expect(bed.agent.calls('startLogin')).toEqual([])
  act(() => signIn.click())
  await expect.poll(() => departures).toHaveLength(1)
})

test('nor is one who has signed out on a page without a guard', async () => {
  const bed = createTestBed('alice')
  render(
    <TokenHandlerProvider client={bed.client}>
      <SignOut />
    </TokenHandlerProvider>,
  )
  await bed.client.load()
  act(() => screen.getByRole('button', { name: 'Sign out' }).click())
  await expect.poll(() => bed.departures).toHaveLength(1)
  openAnew(bed)
  expect(await screen.findByRole('button', { name: 'Sign in' })).toBeDefined()
})

test('a user who has signed in since leaves by themselves again when that session has ended', async () => {
  const bed = createTestBed()
  openGuarded(bed.client)
  await expect.poll(() => bed.departures).toHaveLength(1)
  openAnew(bed, bed.agent.completeLogin(bed.departures[0] ?? '', { user: 'alice' }))
  await screen.findByText('orders of Alice')
  bed.agent.signOut()
  const { departures } = openAnew(bed)
  await expect.poll(() => departures).toHaveLength(1)
})

test('a silent sign-in of the guard that needs the user is not started again', async () => {
  const bed = createTestBed()
  const open = (client: TestClient): unknown =>
    render(
      <TokenHandlerProvider client={client}>
        <RequireSession signIn={{ parameters: { prompt: 'none' } }}>the orders</RequireSession>
      </TokenHandlerProvider>,
    )
  open(bed.client)
  await expect.poll(() => bed.departures).toHaveLength(1)
  cleanup()
  const callbackUrl = bed.agent.completeLogin(bed.departures[0] ?? '', { user: 'alice' })
  history.replaceState(null, '', callbackUrl)
  const next = bed.openPage()
  open(next.client)
  expect(await screen.findByRole('button', { name: 'Sign in' })).toBeDefined()
  expect(next.client.getSnapshot()).toMatchObject({ reason: 'login-required' })
  expect(bed.agent.calls('startLogin')).toHaveLength(1)
})

test('after a silent sign-in of the app that needs the user, the guard asks them', async () => {
  const bed = createTestBed()
  await bed.client.load()
  void createSilentLogin(bed.client)()
  openGuarded(bed.client)
  await expect.poll(() => bed.departures).toHaveLength(1)
  const callbackUrl = bed.agent.completeLogin(bed.departures[0] ?? '', { user: 'alice' })
  const { client, departures } = openAnew(bed, callbackUrl)
  await expect.poll(() => departures).toHaveLength(1)
  expect(client.getSnapshot()).toMatchObject({ reason: 'login-required' })
})

test('a guard that comes late, while the page leaves, shows no fallback', async () => {
  const { client, departures } = createTestBed()
  openGuarded(client, 'please sign in')
  await expect.poll(() => departures).toHaveLength(1)
  openGuarded(client, 'please sign in')
  expect(screen.getAllByText('one moment')).toHaveLength(2)
})

// The page that the browser came back to would not know that it had left.
test('where storage is blocked, nothing but its button signs in', async () => {
  const blocked = vi.spyOn(Storage.prototype, 'setItem').mockImplementation(() => {
    throw new DOMException('Storage is blocked.', 'SecurityError')
  })
  const { agent, client } = createTestBed()
  openGuarded(client)
  await screen.findByRole('button', { name: 'Sign in' })
  cleanup()
  openGuarded(client)
  expect(await screen.findByRole('button', { name: 'Sign in' })).toBeDefined()
  expect(agent.calls('startLogin')).toEqual([])
  blocked.mockRestore()
})

// What a prerendered page stores is thrown away when it is activated.
test('a page that is only prerendered has not signed in by itself before it is shown', async () => {
  const bed = createTestBed()
  Object.defineProperty(document, 'prerendering', { value: true, configurable: true })
  openGuarded(bed.client, 'please sign in')
  await bed.agent.waitFor('session')
  expect(await screen.findByText('one moment')).toBeDefined()
  sessionStorage.clear()
  Reflect.deleteProperty(document, 'prerendering')
  act(() => void document.dispatchEvent(new Event('prerenderingchange')))
  await expect.poll(() => bed.departures).toHaveLength(1)
  openAnew(bed)
  expect(await screen.findByRole('button', { name: 'Sign in' })).toBeDefined()
})

test('two agents of one origin are two: a sign-out of the one keeps no guard of the other from signing in', async () => {
  const first = createTestBed('alice')
  openGuarded(first.client)
  const signOut = await screen.findByRole('button', { name: 'Sign out' })
  act(() => signOut.click())
  await expect.poll(() => first.departures).toHaveLength(1)
  cleanup()
  const second = createTestBed()
  openGuarded(second.client)
  await expect.poll(() => second.departures).toHaveLength(1)
})

test('… and a session of the one does not send the other away again', async () => {
  const second = createTestBed()
  openGuarded(second.client)
  await expect.poll(() => second.departures).toHaveLength(1)
  cleanup()
  const first = createTestBed('alice')
  openGuarded(first.client)
  await screen.findByText('orders of Alice')
  cleanup()
  openGuarded(second.openPage().client)
  expect(await screen.findByRole('button', { name: 'Sign in' })).toBeDefined()
  expect(second.agent.calls('startLogin')).toHaveLength(1)
})
