// The hook that tells who is signed in, and how often it renders.
import { act, render, screen } from '@testing-library/react'
import { TokenHandlerProvider, useSession, useTokenHandler } from '@token-handler/react'
import type { ReactElement, ReactNode } from 'react'
import { expect, test, vi } from 'vitest'
import { createTestBed } from './setup.ts'

type TestClient = ReturnType<typeof createTestBed>['client']

/** Renders under a client that has loaded already, so that the first render knows the session. */
async function renderLoaded(client: TestClient, node: ReactNode): Promise<void> {
  await client.load()
  render(<TokenHandlerProvider client={client}>{node}</TokenHandlerProvider>)
  await act(async () => {})
}

test('the session goes from loading to signed in, with the claims', async () => {
  const { client } = createTestBed('alice')
  const seen: string[] = []
  function Greeting() {
    const session = useSession()
    seen.push(session.status)
    return <p>{session.status === 'authenticated' ? `Hello ${session.claims.name}` : '…'}</p>
  }
  render(
    <TokenHandlerProvider client={client}>
      <Greeting />
    </TokenHandlerProvider>,
  )
  await screen.findByText('Hello Alice')
  expect(seen).toEqual(['loading', 'authenticated'])
})

test('a sign-out renders every component that shows the session exactly once', async () => {
  const { client } = createTestBed('alice')
  const renders = [0, 0, 0]
  function Watcher({ index }: { readonly index: number }): ReactElement {
    renders[index] = (renders[index] ?? 0) + 1
    return <p>{useSession().status}</p>
  }
  await renderLoaded(
    client,
    renders.map((_, index) => <Watcher key={index} index={index} />),
  )
  expect(renders).toEqual([1, 1, 1])
  await act(() => client.logout())
  expect(screen.getAllByText('unauthenticated')).toHaveLength(3)
  expect(renders).toEqual([2, 2, 2])
})

test('a question to the agent that changes nothing renders nothing', async () => {
  const { client } = createTestBed('alice')
  let renders = 0
  function Watcher(): ReactElement {
    renders += 1
    return <p>{useSession().status}</p>
  }
  await renderLoaded(client, <Watcher />)
  await act(() => client.session())
  expect(renders).toBe(1)
})

test('a component that selects the name does not render when the session becomes stale', async () => {
  const { agent, client } = createTestBed('alice')
  const renders = { name: 0, stale: 0 }
  function Name(): ReactElement {
    renders.name += 1
    return <p>{useSession((session) => 'claims' in session && session.claims.name)}</p>
  }
  function Stale(): ReactElement {
    renders.stale += 1
    return <p>{useSession((session) => 'stale' in session && session.stale) ? 'stale' : 'fine'}</p>
  }
  await renderLoaded(
    client,
    <>
      <Name />
      <Stale />
    </>,
  )
  agent.failNext('session', 'network-error')
  await act(async () => void (await client.session().catch(() => {})))
  expect(screen.getByText('stale')).toBeDefined()
  expect(renders).toEqual({ name: 1, stale: 2 })
})

test('a selector may build a new object', async () => {
  const { client } = createTestBed('alice')
  let renders = 0
  function Watcher(): ReactElement {
    renders += 1
    const { status } = useSession((session) => ({ status: session.status }))
    return <p>{status}</p>
  }
  await renderLoaded(client, <Watcher />)
  await act(() => client.logout())
  expect(screen.getByText('unauthenticated')).toBeDefined()
  expect(renders).toBe(2)
})

test('a selector may depend on what the component renders with', async () => {
  const { client } = createTestBed('alice')
  function Claim({ name }: { readonly name: 'sub' | 'name' }): ReactElement {
    return <p>{useSession((session) => 'claims' in session && session.claims[name])}</p>
  }
  await client.load()
  const { rerender } = render(<Claim name="sub" />, {
    wrapper: ({ children }) => (
      <TokenHandlerProvider client={client}>{children}</TokenHandlerProvider>
    ),
  })
  expect(screen.getByText('alice')).toBeDefined()
  rerender(<Claim name="name" />)
  expect(screen.getByText('Alice')).toBeDefined()
})

test('a component that only acts does not render when the session changes', async () => {
  const { client } = createTestBed('alice')
  let renders = 0
  function SignOut(): ReactElement {
    renders += 1
    const { logout } = useTokenHandler()
    return <button onClick={() => void logout()}>Sign out</button>
  }
  function Status(): ReactElement {
    return <p>{useSession().status}</p>
  }
  await renderLoaded(
    client,
    <>
      <SignOut />
      <Status />
    </>,
  )
  screen.getByRole('button', { name: 'Sign out' }).click()
  await screen.findByText('unauthenticated')
  expect(renders).toBe(1)
})

test('an unmounted component hears nothing any more', async () => {
  const { client } = createTestBed('alice')
  const unsubscribe = vi.fn<() => void>()
  const watched: TestClient = {
    ...client,
    subscribe: (listener) => {
      const stop = client.subscribe(listener)
      return () => {
        unsubscribe()
        stop()
      }
    },
  }
  function Status(): ReactElement {
    return <p>{useSession().status}</p>
  }
  const { unmount } = render(
    <TokenHandlerProvider client={watched}>
      <Status />
    </TokenHandlerProvider>,
  )
  unmount()
  expect(unsubscribe).toHaveBeenCalledOnce()
})
