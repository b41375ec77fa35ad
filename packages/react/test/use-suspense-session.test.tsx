// The session under a Suspense boundary: suspended at first, and never again.
import { act, render, screen } from '@testing-library/react'
import {
  MissingProviderError,
  TokenHandlerProvider,
  useSuspenseSession,
} from '@token-handler/react'
import { Suspense, useSyncExternalStore } from 'react'
import type { ReactElement } from 'react'
import { beforeEach, expect, test, vi } from 'vitest'
import { createTestBed } from './setup.ts'

const rendered = vi.fn<() => void>()

beforeEach(() => rendered.mockClear())

function Greeting(): ReactElement {
  rendered()
  if (rendered.mock.calls.length > 50) throw new Error('It renders for ever.')
  const session = useSuspenseSession()
  return (
    <p>{session.status === 'authenticated' ? `Hello ${session.claims.name}` : session.status}</p>
  )
}

const page = (client: ReturnType<typeof createTestBed>['client']): ReactElement => (
  <TokenHandlerProvider client={client}>
    <Suspense fallback={<p>loading</p>}>
      <Greeting />
    </Suspense>
  </TokenHandlerProvider>
)

test('the boundary shows its fallback until the session is known, and the agent is asked once', async () => {
  const { agent, client } = createTestBed('alice')
  render(page(client))
  expect(screen.getByText('loading')).toBeDefined()
  await screen.findByText('Hello Alice')
  expect(agent.calls()).toHaveLength(1)
})

test('a session that is known already never suspends', async () => {
  const { client } = createTestBed('alice')
  await client.load()
  render(page(client))
  expect(screen.getByText('Hello Alice')).toBeDefined()
})

test('another try to find out the session keeps the page instead of the fallback', async () => {
  const { agent, client } = createTestBed('alice')
  agent.failNext('session', { status: 502, code: 'authorization_server_error' })
  render(page(client))
  await screen.findByText('error')
  let retry: Promise<unknown> = Promise.resolve()
  act(() => void (retry = client.load()))
  expect(client.getSnapshot().status).toBe('loading')
  expect(screen.getByText('error')).toBeDefined()
  expect(screen.queryByText('loading')).toBeNull()
  await act(() => retry)
  expect(screen.getByText('Hello Alice')).toBeDefined()
})

test('a component that is mounted during another try does not suspend either', async () => {
  const { agent, client } = createTestBed('alice')
  agent.failNext('session', { status: 502, code: 'authorization_server_error' })
  const { rerender } = render(page(client))
  await screen.findByText('error')
  let retry: Promise<unknown> = Promise.resolve()
  act(() => void (retry = client.load()))
  rerender(
    <>
      {page(client)}
      {page(client)}
    </>,
  )
  expect(screen.getAllByText('error')).toHaveLength(2)
  await act(() => retry)
})

test('a sign-out is shown without suspending', async () => {
  const { client } = createTestBed('alice')
  render(page(client))
  await screen.findByText('Hello Alice')
  await act(() => client.logout())
  expect(screen.getByText('unauthenticated')).toBeDefined()
})

test('outside a provider it says what is missing', () => {
  vi.spyOn(console, 'error').mockImplementation(() => {})
  expect(() => render(<Greeting />)).toThrow(MissingProviderError)
})

test('finding out the session disturbs no component in the middle of a render', async () => {
  const { agent, openPage, ...before } = createTestBed()
  await before.client.load()
  // From here on the client knows "signed out" without asking, so at once.
  const { client } = openPage()
  const reportError = vi.spyOn(console, 'error')
  function Status(): ReactElement {
    return <p>status {useSyncExternalStore(client.subscribe, client.getSnapshot).status}</p>
  }
  const { rerender } = render(
    <>
      <Status />
    </>,
  )
  rerender(
    <>
      <Status />
      {page(client)}
    </>,
  )
  expect(await screen.findByText('status unauthenticated')).toBeDefined()
  expect(await screen.findByText('unauthenticated')).toBeDefined()
  expect(agent.calls()).toHaveLength(1)
  expect(reportError).not.toHaveBeenCalled()
})

/** What React hides below a boundary that suspends stays in the document. */
const isShown = (text: string): boolean => {
  const element = screen.queryByText(text)
  return element !== null && getComputedStyle(element).display !== 'none'
}

test('the last user is gone from the screen while the agent says who has taken their place', async () => {
  const { agent, client, comeBackAfterAnotherUser } = createTestBed('alice')
  render(page(client))
  await screen.findByText('Hello Alice')
  expect(isShown('Hello Alice')).toBe(true)
  agent.signIn('bob')
  const held = agent.hang('session')
  act(comeBackAfterAnotherUser)
  expect(client.getSnapshot().status).toBe('loading')
  expect(isShown('Hello Alice')).toBe(false)
  expect(isShown('loading')).toBe(true)
  await held.arrived
  await act(async () => {})
  held.release()
  await screen.findByText('Hello Bob')
  expect(isShown('Hello Bob')).toBe(true)
  expect(isShown('loading')).toBe(false)
})

test('a component that is mounted meanwhile does not show the last user either', async () => {
  const { agent, client, comeBackAfterAnotherUser } = createTestBed('alice')
  render(page(client))
  await screen.findByText('Hello Alice')
  const held = agent.hang('session')
  act(comeBackAfterAnotherUser)
  render(page(client))
  expect(screen.queryAllByText('Hello Alice')).toHaveLength(1)
  expect(isShown('Hello Alice')).toBe(false)
  held.release()
  await expect.poll(() => screen.queryAllByText('Hello Alice')).toHaveLength(2)
})

test('below a client that was disposed the boundary waits, and renders no more', async () => {
  const { agent, client } = createTestBed('alice')
  agent.hang('session')
  render(page(client))
  client.dispose()
  await act(async () => {})
  expect(screen.getByText('loading')).toBeDefined()
  expect(rendered.mock.calls.length).toBeLessThan(10)
})
