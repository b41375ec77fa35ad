// The devtools on the page.
import { act, render, within } from '@testing-library/react'
import { fireEvent } from '@testing-library/react'
import { TokenHandlerError } from '@token-handler/client'
import { TokenHandlerProvider } from '@token-handler/react'
import type { ReactElement } from 'react'
import { expect, test, vi } from 'vitest'
import { createDevtools } from '../../src/devtools/development-devtools.tsx'
import { createTracedClient, visible } from './traced-client.ts'

const Devtools = createDevtools(() => import('../../src/devtools/panel.tsx'))

type TracedClient = ReturnType<typeof createTracedClient>

/** Everything of the devtools is in here. */
function shadow() {
  const host = document.querySelector('token-handler-devtools')
  const inside = host?.shadowRoot?.querySelector('aside')
  if (!inside) throw new Error('There are no devtools on the page.')
  return within(inside)
}

async function open({ client, emit }: TracedClient): Promise<void> {
  const page: ReactElement = (
    <TokenHandlerProvider client={client}>
      <main>the app</main>
      <Devtools />
    </TokenHandlerProvider>
  )
  render(page)
  await act(async () => emit('trace', visible('a', Date.now())))
  await act(async () => fireEvent.click(shadow().getByRole('button', { name: 'Session devtools' })))
  await shadow().findByRole('heading', { name: 'Timeline' })
}

test('the panel shows state, deadline and steps, and no claim', async () => {
  await open(createTracedClient())
  const state = shadow().getByRole('region', { name: 'State' })
  expect(state.textContent).toContain('Sessionauthenticated')
  expect(state.textContent).toMatch(/Access token endsin 2 min \d s/)
  expect(shadow().getByRole('table').textContent).toContain('the page is visible')
  expect(state.textContent).not.toContain('Alice')
})

test('a session that is bound to the device says so', async () => {
  const claims = { sub: 'alice', name: 'Alice' }
  await open(
    createTracedClient({ status: 'authenticated', claims, isDeviceBound: true, stale: false }),
  )
  const state = shadow().getByRole('region', { name: 'State' })
  expect(state.textContent).toContain('Cookiesbound to this device')
})

test('claims are shown when they are asked for', async () => {
  await open(createTracedClient())
  fireEvent.click(shadow().getByRole('button', { name: 'Show the claims' }))
  expect(shadow().getByRole('region', { name: 'State' }).textContent).toContain('"name": "Alice"')
  fireEvent.click(shadow().getByRole('button', { name: 'Hide the claims' }))
  expect(shadow().getByRole('region', { name: 'State' }).textContent).not.toContain('Alice')
})

test('an error is shown with what it means', async () => {
  const traced = createTracedClient()
  await open(traced)
  const error = new TokenHandlerError('agent_unreachable', 'No answer.', { operation: 'refresh' })
  await act(async () => traced.emit('error', { error }))
  const errors = shadow().getByRole('region', { name: 'Last errors' })
  expect(errors.textContent).toContain('Is it running, is agentUrl right')
})

test('an error of an agent that did answer is no matter of CORS, and has its details', async () => {
  const warn = vi.spyOn(console, 'warn').mockReturnValue()
  const traced = createTracedClient()
  await open(traced)
  const members = { operation: 'startLogin', status: 502, details: 'the key is gone' } as const
  const error = new TokenHandlerError('agent_unreachable', 'It answered 502.', members)
  await act(async () => traced.emit('error', { error }))
  const errors = shadow().getByRole('region', { name: 'Last errors' })
  expect(errors.textContent).toContain('startLogin')
  expect(errors.textContent).toContain('The agent: the key is gone')
  expect(errors.textContent).not.toContain('does it trust this origin')
  expect(warn).toHaveBeenCalledWith(expect.stringContaining('It answered 502.'), error)
})

test('Escape closes the panel and gives the focus back to its button', async () => {
  await open(createTracedClient())
  const clear = shadow().getByRole('button', { name: 'Clear' })
  clear.focus()
  fireEvent.keyDown(clear, { key: 'Escape' })
  expect(shadow().queryByRole('heading', { name: 'Timeline' })).toBeNull()
  const host = document.querySelector('token-handler-devtools')
  expect(host?.shadowRoot?.activeElement?.textContent).toBe('Session devtools')
})

test('Clear empties the timeline', async () => {
  await open(createTracedClient())
  await act(async () => fireEvent.click(shadow().getByRole('button', { name: 'Clear' })))
  expect(shadow().getByText('Nothing has happened yet.')).toBeDefined()
})

test('nothing of it is in the document of the app', async () => {
  const warn = vi.spyOn(console, 'error')
  await open(createTracedClient())
  expect(document.body.textContent).toBe('the app')
  expect(document.querySelectorAll('style, link')).toHaveLength(0)
  expect(warn).not.toHaveBeenCalled()
})
