// The guard: what it shows to whom, and that nothing flashes.
import { act, render, screen } from '@testing-library/react'
import { RequireSession, TokenHandlerProvider, useSession } from '@token-handler/react'
import { StrictMode } from 'react'
import type { ReactElement } from 'react'
import { expect, test, vi } from 'vitest'
import { createTestBed } from './setup.ts'

type TestClient = ReturnType<typeof createTestBed>['client']

/** Renders a guarded page and keeps what was on the screen after each commit. */
function renderGuarded(client: TestClient): string[] {
  const screens: string[] = []
  function Show({ text }: { readonly text: string }): ReactElement {
    return <p ref={() => void (screens.at(-1) !== text && screens.push(text))}>{text}</p>
  }
  render(
    <TokenHandlerProvider client={client}>
      <RequireSession loading={<Show text="loading" />} fallback={<Show text="please sign in" />}>
        {({ claims }) => <Show text={`orders of ${claims.name}`} />}
      </RequireSession>
    </TokenHandlerProvider>,
  )
  return screens
}

test('a signed-in user sees the page after the loading state, and never the fallback', async () => {
  const { client } = createTestBed('alice')
  const screens = renderGuarded(client)
  await screen.findByText('orders of Alice')
  expect(screens).toEqual(['loading', 'orders of Alice'])
})

test('a visitor sees the fallback after the loading state, and never the page', async () => {
  const { client } = createTestBed()
  const screens = renderGuarded(client)
  await screen.findByText('please sign in')
  expect(screens).toEqual(['loading', 'please sign in'])
})

test('the page is gone as soon as the user has signed out', async () => {
  const { client } = createTestBed('alice')
  const screens = renderGuarded(client)
  await screen.findByText('orders of Alice')
  await act(() => client.logout())
  expect(screens.at(-1)).toBe('please sign in')
  expect(screen.queryByText('orders of Alice')).toBeNull()
})

test('the page is gone as soon as the session has expired', async () => {
  const { agent, client } = createTestBed('alice')
  renderGuarded(client)
  await screen.findByText('orders of Alice')
  agent.expireSession()
  await act(() => client.refresh().catch(() => {}))
  expect(screen.queryByText('orders of Alice')).toBeNull()
  expect(screen.getByText('please sign in')).toBeDefined()
})

test('the page stays while the agent cannot be reached', async () => {
  const { agent, client } = createTestBed('alice')
  const screens = renderGuarded(client)
  await screen.findByText('orders of Alice')
  agent.failNext('refresh', 'network-error')
  await act(() => client.refresh().catch(() => {}))
  expect(screens).toEqual(['loading', 'orders of Alice'])
})

test('an agent that is down is an error with a button to try again, and no sign-out', async () => {
  const { agent, client } = createTestBed('alice')
  agent.failNext('session', { status: 502, code: 'authorization_server_error' })
  render(
    <TokenHandlerProvider client={client}>
      <RequireSession fallback="please sign in">the orders</RequireSession>
    </TokenHandlerProvider>,
  )
  const alert = await screen.findByRole('alert')
  expect(alert.textContent).toContain('agent_unreachable')
  expect(screen.queryByText('please sign in')).toBeNull()
  act(() => screen.getByRole('button', { name: 'Try again' }).click())
  expect(await screen.findByText('the orders')).toBeDefined()
})

// `load()` tries again only what may pass: the button of a refusal did nothing.
test('a refusal is asked about again by the button, and the page says that it waits', async () => {
  const { agent, client } = createTestBed('alice')
  agent.failNext('session', { status: 403, code: 'untrusted_request' }, { times: 2 })
  render(
    <TokenHandlerProvider client={client}>
      <RequireSession loading="one moment">the orders</RequireSession>
    </TokenHandlerProvider>,
  )
  const alert = await screen.findByRole('alert')
  expect(alert.textContent).toContain('agent_configuration')
  act(() => screen.getByRole('button', { name: 'Try again' }).click())
  expect(screen.getByText('one moment')).toBeDefined()
  expect(screen.queryByRole('alert')).toBeNull()
  const again = await screen.findByRole('button', { name: 'Try again' })
  expect(agent.calls('session')).toHaveLength(2)
  act(() => again.click())
  expect(await screen.findByText('the orders')).toBeDefined()
  expect(agent.calls('session')).toHaveLength(3)
})

test('trying again after an agent that was down asks once, and every part of the page waits', async () => {
  const { agent, client } = createTestBed('alice')
  agent.failNext('session', 'network-error')
  function Status(): ReactElement {
    return <p>{useSession().status}</p>
  }
  render(
    <TokenHandlerProvider client={client}>
      <RequireSession loading="one moment">the orders</RequireSession>
      <Status />
    </TokenHandlerProvider>,
  )
  const button = await screen.findByRole('button', { name: 'Try again' })
  act(() => button.click())
  expect(screen.getByText('one moment')).toBeDefined()
  expect(screen.getByText('loading')).toBeDefined()
  expect(await screen.findByText('the orders')).toBeDefined()
  expect(agent.calls('session')).toHaveLength(2)
})

test('an app shows errors in its own words, and can try again', async () => {
  const { agent, client } = createTestBed('alice')
  agent.failNext('session', 'network-error')
  render(
    <TokenHandlerProvider client={client}>
      <RequireSession
        error={(error, retry) => <button onClick={retry}>{error.message} Once more?</button>}
      >
        the orders
      </RequireSession>
    </TokenHandlerProvider>,
  )
  const button = await screen.findByRole('button', { name: /^No answer to session.* Once more\?$/ })
  act(() => button.click())
  expect(await screen.findByText('the orders')).toBeDefined()
})

test('a component below the guard can read the error from the session', async () => {
  const { agent, client } = createTestBed('alice')
  agent.failNext('session', { status: 502, code: 'authorization_server_error' })
  function Reason(): ReactElement {
    const session = useSession()
    return <p>{session.status === 'error' ? session.error.code : session.status}</p>
  }
  render(
    <TokenHandlerProvider client={client}>
      <RequireSession error={<Reason />}>secret</RequireSession>
    </TokenHandlerProvider>,
  )
  await screen.findByText('agent_unreachable')
})

test('without a loading element nothing is shown until the session is known', () => {
  const { client } = createTestBed('alice')
  const { container, unmount } = render(
    <TokenHandlerProvider client={client}>
      <RequireSession fallback="please sign in">secret</RequireSession>
    </TokenHandlerProvider>,
  )
  expect(container.textContent).toBe('')
  unmount()
})

test('a session that expires under the guard is reported once, also under StrictMode', async () => {
  const { agent, client } = createTestBed('alice')
  const onExpired = vi.fn<() => void>()
  render(
    <StrictMode>
      <TokenHandlerProvider client={client}>
        <RequireSession onExpired={onExpired} fallback="please sign in">
          secret
        </RequireSession>
      </TokenHandlerProvider>
    </StrictMode>,
  )
  await screen.findByText('secret')
  agent.expireSession()
  await act(() => client.refresh().catch(() => {}))
  expect(screen.getByText('please sign in')).toBeDefined()
  expect(onExpired).toHaveBeenCalledOnce()
})

test('a sign-out is no expiry', async () => {
  const { client } = createTestBed('alice')
  const onExpired = vi.fn<() => void>()
  render(
    <TokenHandlerProvider client={client}>
      <RequireSession onExpired={onExpired}>secret</RequireSession>
    </TokenHandlerProvider>,
  )
  await screen.findByText('secret')
  await act(() => client.logout())
  expect(onExpired).not.toHaveBeenCalled()
})
