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
