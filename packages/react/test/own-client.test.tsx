// A provider without a client: it makes one, shares it, brings the user back, and ends it.
import { act, cleanup, render, screen } from '@testing-library/react'
import * as sdk from '@token-handler/client'
import type { Platform } from '@token-handler/client'
import { createMockAgent } from '@token-handler/mock-agent'
import {
  RequireSession,
  TokenHandlerProvider,
  useSession,
  useTokenHandler,
} from '@token-handler/react'
import type { RegisteredClient } from '@token-handler/react'
import { lazy, StrictMode, Suspense } from 'react'
import type { ReactElement } from 'react'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import './setup.ts'

const disposed: unknown[] = []
const made: unknown[] = []

vi.mock(import('@token-handler/client'), async (load) => {
  const original = await load()
  const create = (options: never) => {
    const real = original.createTokenHandlerClient(options) as unknown as RegisteredClient
    const client: RegisteredClient = {
      ...real,
      dispose() {
        disposed.push(client)
        real.dispose()
      },
    }
    made.push(client)
    return client
  }
  return { ...original, createTokenHandlerClient: create as never }
})

const agent = createMockAgent({
  agentUrl: '/oauth-agent',
  redirectUri: '/callback',
  users: { alice: { claims: { sub: 'alice', name: 'Alice' } } },
})
const departures: string[] = []
const platform: Partial<Platform> = {
  fetch: agent.fetch,
  navigate: (url) => void departures.push(url),
}
const options = { callbackPath: '/callback', platform }

const unhandled: unknown[] = []
const noteUnhandled = (reason: unknown): void => void unhandled.push(reason)

beforeEach(() => {
  agent.reset()
  for (const list of [disposed, made, departures, unhandled]) list.length = 0
  process.on('unhandledRejection', noteUnhandled)
})

afterEach(() => void process.off('unhandledRejection', noteUnhandled))

/** A rejection that nobody handles is noticed after the microtasks. */
const nextTask = (): Promise<void> => new Promise((resolve) => void setTimeout(resolve))

function Status(): ReactElement {
  return <p>{useSession().status}</p>
}

test('the agent is at /oauth-agent and the APIs are below /api/ when no option says otherwise', async () => {
  agent.signIn('alice')
  agent.protect('/api/orders', () => Response.json('orders'))
  vi.stubGlobal('fetch', agent.fetch)
  const answers: number[] = []
  function Orders(): ReactElement {
    const { fetch } = useTokenHandler()
    return (
      <button onClick={() => void fetch('/api/orders').then(({ status }) => answers.push(status))}>
        Load
      </button>
    )
  }
  render(
    <TokenHandlerProvider>
      <Orders />
      <Status />
    </TokenHandlerProvider>,
  )
  await screen.findByText('authenticated')
  act(() => screen.getByRole('button').click())
  await expect.poll(() => answers).toEqual([200])
  vi.unstubAllGlobals()
})

test('there is one client, also under StrictMode, and for two providers of one agent', async () => {
  render(
    <StrictMode>
      <TokenHandlerProvider options={options}>
        <Status />
      </TokenHandlerProvider>
      <TokenHandlerProvider options={options}>
        <span>another root of the page</span>
      </TokenHandlerProvider>
    </StrictMode>,
  )
  await screen.findByText('unauthenticated')
  expect(made).toHaveLength(1)
  expect(agent.calls('session')).toHaveLength(1)
  expect(disposed).toEqual([])
})

test('there is one client when React throws the first render away', async () => {
  let arrive = (): void => {}
  const Late = lazy(
    () =>
      new Promise<{ readonly default: () => string }>((resolve) => {
        arrive = () => resolve({ default: () => 'late' })
      }),
  )
  render(
    <Suspense fallback="waiting">
      <TokenHandlerProvider options={options}>
        <Late />
        <Status />
      </TokenHandlerProvider>
    </Suspense>,
  )
  expect(screen.getByText('waiting')).toBeDefined()
  await act(async () => arrive())
  await screen.findByText('unauthenticated')
  expect(made).toHaveLength(1)
})

test('it ends with the last provider, and the next one begins anew', async () => {
  const tree = (
    <StrictMode>
      <TokenHandlerProvider options={options}>
        <Status />
      </TokenHandlerProvider>
    </StrictMode>
  )
  const first = render(tree)
  const second = render(tree)
  first.unmount()
  expect(disposed).toEqual([])
  second.unmount()
  await nextTask()
  expect(disposed).toEqual(made)
  agent.signIn('alice')
  render(tree)
  expect(await screen.findByText('authenticated')).toBeDefined()
  expect(made).toHaveLength(2)
})

// React removes a tree before it tells another one that it is there: the client was ended in between.
test('a provider that takes the place of another has its client, which goes on', async () => {
  agent.signIn('alice')
  const tree = (key: string): ReactElement => (
    <TokenHandlerProvider key={key} options={options}>
      <Status />
    </TokenHandlerProvider>
  )
  const { rerender } = render(tree('one layout'))
  await screen.findByText('authenticated')
  rerender(tree('another layout'))
  expect(screen.getByText('authenticated')).toBeDefined()
  await nextTask()
  expect(made).toHaveLength(1)
  expect(disposed).toEqual([])
  rerender(<p>no provider</p>)
  await nextTask()
  expect(disposed).toEqual(made)
})

test('an app that is opened anew at once begins with a client of its own', async () => {
  const tree = (
    <TokenHandlerProvider options={options}>
      <Status />
    </TokenHandlerProvider>
  )
  render(tree).unmount()
  agent.signIn('alice')
  render(tree)
  expect(await screen.findByText('authenticated')).toBeDefined()
  expect(made).toHaveLength(2)
  expect(disposed).toEqual([made[0]])
})

test('a provider that leaves before the session is known leaves no unhandled rejection', async () => {
  const held = agent.hang('session')
  const { unmount } = render(<TokenHandlerProvider options={options} />)
  await held.arrived
  unmount()
  await nextTask()
  await nextTask()
  expect(disposed).toEqual(made)
  expect(unhandled).toEqual([])
})

test('a client that a test disposes below its provider leaves none either', async () => {
  const client = sdk.createTokenHandlerClient({ agentUrl: '/oauth-agent', platform })
  const held = agent.hang('session')
  render(<TokenHandlerProvider client={client as unknown as RegisteredClient} />)
  await held.arrived
  client.dispose()
  await nextTask()
  expect(unhandled).toEqual([])
})

test('a client that was given is not ended', async () => {
  const client = sdk.createTokenHandlerClient({ agentUrl: '/given', apiUrls: [], platform })
  const given = client as unknown as RegisteredClient
  render(<TokenHandlerProvider client={given} />).unmount()
  await nextTask()
  expect(disposed).toEqual([])
})

function openApp(): void {
  cleanup()
  render(
    <StrictMode>
      <TokenHandlerProvider options={options}>
        <RequireSession signIn>
          <p>signed in</p>
        </RequireSession>
      </TokenHandlerProvider>
    </StrictMode>,
  )
}

test('without a router the user is back where the sign-in began', async () => {
  history.replaceState(null, '', '/orders?page=2#third')
  openApp()
  await expect.poll(() => departures).toHaveLength(1)
  history.replaceState(
    { from: 'the app' },
    '',
    agent.completeLogin(departures[0] ?? '', { user: 'alice' }),
  )
  openApp()
  await screen.findByText('signed in')
  expect(location.pathname + location.search + location.hash).toBe('/orders?page=2#third')
  expect(history.state).toEqual({ from: 'the app' })
})

test('an app that has a router is told once where the user wanted to be', async () => {
  history.replaceState(null, '', '/orders')
  openApp()
  await expect.poll(() => departures).toHaveLength(1)
  history.replaceState(null, '', agent.completeLogin(departures[0] ?? '', { user: 'alice' }))
  cleanup()
  const onReturn = vi.fn<(returnTo: string, appState: unknown) => void>()
  render(
    <StrictMode>
      <TokenHandlerProvider options={options} onReturn={onReturn}>
        <Status />
      </TokenHandlerProvider>
    </StrictMode>,
  )
  await screen.findByText('authenticated')
  expect(onReturn.mock.calls).toEqual([['/orders', undefined]])
  expect(location.pathname).toBe('/callback')
})
