// Tests of components with a given session: as in the app, and without a network.
import { act, fireEvent, render, screen } from '@testing-library/react'
import {
  RequireSession,
  useSession,
  useSuspenseSession,
  useTokenHandler,
} from '@token-handler/react'
import type { Session } from '@token-handler/react'
import { renderWithSession, TestSession } from '@token-handler/react/testing'
import { StrictMode, Suspense } from 'react'
import type { ReactElement } from 'react'
import { expect, test, vi } from 'vitest'
import './setup.ts'

const alice: Session = {
  status: 'authenticated',
  claims: { sub: 'alice', name: 'Alice' },
  stale: false,
}
const nobody: Session = { status: 'unauthenticated', reason: 'none' }

function Header(): ReactElement {
  const name = useSession((session) =>
    session.status === 'authenticated' ? session.claims.name : session.status,
  )
  const { logout } = useTokenHandler()
  return <button onClick={() => void logout()}>{name}</button>
}

test('a component sees the session of the test in its first render', () => {
  render(
    <TestSession session={alice}>
      <RequireSession>{({ claims }) => <p>Hello {claims.name}</p>}</RequireSession>
    </TestSession>,
  )
  expect(screen.getByText('Hello Alice')).toBeDefined()
})

test('another session is a change of the session, not another client', () => {
  const clients = new Set<unknown>()
  function Client(): null {
    clients.add(useTokenHandler())
    return null
  }
  const page = (session: Session): ReactElement => (
    <TestSession session={session}>
      <Header />
      <Client />
    </TestSession>
  )
  const { rerender } = render(page(alice))
  rerender(page(nobody))
  expect(screen.getByRole('button', { name: 'unauthenticated' })).toBeDefined()
  expect(clients.size).toBe(1)
})

test('a test watches what a component asks of the client', () => {
  const logout = vi.fn(async () => {})
  renderWithSession(<Header />, { session: alice, client: { logout } })
  fireEvent.click(screen.getByRole('button', { name: 'Alice' }))
  expect(logout).toHaveBeenCalledOnce()
})

test('a method that the test forgot says so', async () => {
  const seen: Promise<unknown>[] = []
  function Orders(): ReactElement {
    const { fetch } = useTokenHandler()
    return <button onClick={() => void seen.push(fetch('/api/orders'))}>Load</button>
  }
  renderWithSession(<Orders />, { session: alice })
  fireEvent.click(screen.getByRole('button'))
  await expect(seen[0]).rejects.toThrow('client={{ fetch: … }}')
})

test('a test moves the session, inside its own wrapper', () => {
  const { setSession } = renderWithSession(<Header />, {
    session: alice,
    wrapper: ({ children }) => <main>{children}</main>,
  })
  setSession(nobody)
  expect(screen.getByRole('main').textContent).toBe('unauthenticated')
})

test('a loading session suspends until the test says who is signed in', async () => {
  function Name(): ReactElement {
    return <p>{useSuspenseSession().status}</p>
  }
  const { setSession } = renderWithSession(
    <Suspense fallback="please wait">
      <Name />
    </Suspense>,
    { session: { status: 'loading' } },
  )
  expect(screen.getByText('please wait')).toBeDefined()
  setSession(alice)
  expect(await screen.findByText('authenticated')).toBeDefined()
  await act(async () => {})
})

// The guard remembers in the tab that it has left; a test is a tab of its own.
test.each([1, 2])('a guard with signIn signs in in test %i of the file', async () => {
  const login = vi.fn(() => new Promise<never>(() => {}))
  render(
    <StrictMode>
      <TestSession session={nobody} client={{ login }}>
        <RequireSession signIn={{ returnTo: '/orders' }} loading="one moment">
          the orders
        </RequireSession>
      </TestSession>
    </StrictMode>,
  )
  expect(login).toHaveBeenCalledExactlyOnceWith({ returnTo: '/orders' })
  expect(screen.getByText('one moment')).toBeDefined()
  expect(sessionStorage).toHaveLength(0)
})
