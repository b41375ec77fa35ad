// What the server renders, and how the browser takes over.
import { act, render, screen } from '@testing-library/react'
import { TokenHandlerProvider, useSession } from '@token-handler/react'
import type { Session } from '@token-handler/react'
import type { ReactElement } from 'react'
import { hydrateRoot } from 'react-dom/client'
import { renderToString } from 'react-dom/server'
import { afterEach, expect, test, vi } from 'vitest'
import { createTestBed } from './setup.ts'

const alice: Session = {
  status: 'authenticated',
  claims: { sub: 'alice', name: 'Alice from the server' },
  stale: false,
}

const seen: string[] = []

function Greeting(): ReactElement {
  const session = useSession()
  const text = session.status === 'authenticated' ? session.claims.name : session.status
  seen.push(text)
  return <p>{text}</p>
}

const page = (client: ReturnType<typeof createTestBed>['client'], initialSession?: Session) => (
  <TokenHandlerProvider client={client} {...(initialSession && { initialSession })}>
    <Greeting />
  </TokenHandlerProvider>
)

async function hydrate(html: string, node: ReactElement): Promise<{ readonly mismatches: number }> {
  const container = document.body.appendChild(document.createElement('div'))
  container.innerHTML = html
  const onRecoverableError = vi.fn()
  seen.length = 0
  const root = await act(async () => hydrateRoot(container, node, { onRecoverableError }))
  unmount = () => act(() => root.unmount())
  return { mismatches: onRecoverableError.mock.calls.length }
}

let unmount = (): void => {}
afterEach(() => {
  unmount()
  document.body.innerHTML = ''
})

test('the server renders the loading state and asks nobody', () => {
  const { agent, client } = createTestBed('alice')
  expect(renderToString(page(client))).toBe('<p>loading</p>')
  expect(agent.calls()).toEqual([])
})

test('the server renders the session it was given for this request', () => {
  const { client } = createTestBed()
  expect(renderToString(page(client, alice))).toBe('<p>Alice from the server</p>')
})

test('a client that knows the session already still hydrates what the server rendered', async () => {
  const { client } = createTestBed('alice')
  const html = renderToString(page(client))
  await client.load()
  const { mismatches } = await hydrate(html, page(client))
  expect(mismatches).toBe(0)
  expect(seen).toEqual(['loading', 'Alice'])
})

test('the session of the server stays on the screen until the client knows it', async () => {
  const { client } = createTestBed('alice')
  const html = renderToString(page(client, alice))
  const { mismatches } = await hydrate(html, page(client, alice))
  expect(await screen.findByText('Alice')).toBeDefined()
  expect(mismatches).toBe(0)
  expect(seen).toEqual(['Alice from the server', 'Alice'])
})

test('the session of the server counts only until the client knew something for the first time', async () => {
  const { agent, client } = createTestBed('alice')
  const html = renderToString(page(client, alice))
  agent.failNext('session', { status: 502, code: 'authorization_server_error' })
  await hydrate(html, page(client, alice))
  expect(await screen.findByText('error')).toBeDefined()
  let retry: Promise<unknown> = Promise.resolve()
  act(() => void (retry = client.load()))
  expect(screen.getByText('loading')).toBeDefined()
  await act(() => retry)
  expect(seen).toEqual(['Alice from the server', 'error', 'loading', 'Alice'])
})

test('nor does a component show it that is mounted during another try', async () => {
  const { agent, client } = createTestBed('alice')
  const withAndWithout = (isShown: boolean): ReactElement => (
    <TokenHandlerProvider client={client} initialSession={alice}>
      {isShown && <Greeting />}
    </TokenHandlerProvider>
  )
  agent.failNext('session', { status: 502, code: 'authorization_server_error' })
  const { rerender } = render(withAndWithout(false))
  await act(async () => {})
  let retry: Promise<unknown> = Promise.resolve()
  act(() => void (retry = client.load()))
  seen.length = 0
  rerender(withAndWithout(true))
  expect(seen).toEqual(['loading'])
  await act(() => retry)
})
