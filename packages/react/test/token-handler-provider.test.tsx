// The provider: when it asks the agent, and what happens without it.
import { render, screen } from '@testing-library/react'
import {
  MissingProviderError,
  RequireSession,
  TokenHandlerProvider,
  useSession,
  useTokenHandler,
} from '@token-handler/react'
import { StrictMode } from 'react'
import { expect, test, vi } from 'vitest'
import { createTestBed } from './setup.ts'

function Status() {
  return <p>{useSession().status}</p>
}

test('the page asks the agent once, also under StrictMode', async () => {
  const { agent, client } = createTestBed('alice')
  render(
    <StrictMode>
      <TokenHandlerProvider client={client}>
        <Status />
      </TokenHandlerProvider>
    </StrictMode>,
  )
  await screen.findByText('authenticated')
  expect(agent.calls()).toMatchObject([{ operation: 'session' }])
})

test('a router that awaited load before the first render costs no second agent call', async () => {
  const { agent, client } = createTestBed('alice')
  await client.load()
  render(
    <TokenHandlerProvider client={client}>
      <Status />
    </TokenHandlerProvider>,
  )
  expect(screen.getByText('authenticated')).toBeDefined()
  expect(agent.calls()).toHaveLength(1)
})

// A failed end of a sign-in turned into five seconds of loading, and then into a plain sign-out.
test('a sign-in that failed stays an error when the provider is mounted after load', async () => {
  const { agent, client, departures, openPage } = createTestBed()
  void client.login()
  await expect.poll(() => departures).toHaveLength(1)
  history.replaceState(null, '', agent.completeLogin(departures[0] ?? '', { user: 'alice' }))
  agent.failNext('endLogin', { status: 503, code: 'temporarily_unavailable' }, { times: 9 })
  agent.failNext('session', { status: 503, code: 'temporarily_unavailable' }, { times: 9 })
  const page = openPage().client
  await page.load()
  const { session } = await page.load()
  expect(session.status).toBe('error')
  const statuses: string[] = []
  page.subscribe(() => void statuses.push(page.getSnapshot().status))
  const calls = agent.calls().length
  const { rerender } = render(
    <StrictMode>
      <TokenHandlerProvider client={page}>
        <Status />
      </TokenHandlerProvider>
    </StrictMode>,
  )
  rerender(
    <TokenHandlerProvider client={page}>
      <Status />
    </TokenHandlerProvider>,
  )
  expect(screen.getByText('error')).toBeDefined()
  expect(statuses).toEqual([])
  expect(agent.calls()).toHaveLength(calls)
})

test('after the provider is unmounted a late answer of the agent disturbs nobody', async () => {
  const { client } = createTestBed('alice')
  const reportError = vi.spyOn(console, 'error')
  const { unmount } = render(
    <TokenHandlerProvider client={client}>
      <Status />
    </TokenHandlerProvider>,
  )
  unmount()
  await client.load()
  expect(reportError).not.toHaveBeenCalled()
})

test.each([
  ['useSession()', () => useSession()],
  ['useTokenHandler()', () => useTokenHandler()],
])('%s outside a provider says what is missing', (name, useHook) => {
  vi.spyOn(console, 'error').mockImplementation(() => {})
  function Lost() {
    useHook()
    return null
  }
  const renderLost = () => render(<Lost />)
  expect(renderLost).toThrow(MissingProviderError)
  expect(renderLost).toThrow(`${name} needs a <TokenHandlerProvider`)
  expect(renderLost).toThrow('another copy of @token-handler/react')
})

test('a guard outside a provider says what is missing', () => {
  vi.spyOn(console, 'error').mockImplementation(() => {})
  expect(() => render(<RequireSession>secret</RequireSession>)).toThrow(MissingProviderError)
})
