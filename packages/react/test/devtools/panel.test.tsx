// The devtools on the page.
import { act, cleanup, render, within } from '@testing-library/react'
import { fireEvent } from '@testing-library/react'
import { TokenHandlerError } from '@token-handler/client'
import { TokenHandlerProvider } from '@token-handler/react'
import { StrictMode } from 'react'
import type { ReactElement, ReactNode } from 'react'
import { afterEach, expect, test, vi } from 'vitest'
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

async function open({ client, emit }: TracedClient, tools?: ReactNode): Promise<void> {
  const page: ReactElement = (
    <TokenHandlerProvider client={client}>
      <main>the app</main>
      <Devtools>{tools}</Devtools>
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

test('tools of the app stand beside those of the panel', async () => {
  const expire = vi.fn()
  await open(
    createTracedClient(),
    <button type="button" onClick={expire}>
      Expire the access token
    </button>,
  )
  const tools = shadow().getByRole('region', { name: 'Tools of this app' })
  fireEvent.click(within(tools).getByRole('button', { name: 'Expire the access token' }))
  expect(expire).toHaveBeenCalledOnce()
})

test.each([undefined, null, false])(
  'without tools (%s) there is no place for them',
  async (none) => {
    await open(createTracedClient(), none)
    expect(shadow().queryByRole('region', { name: 'Tools of this app' })).toBeNull()
  },
)

const corner = () =>
  document.querySelector('token-handler-devtools')?.shadowRoot?.querySelector('aside')?.className
const opener = () => shadow().getByRole('button', { name: /devtools/ })

/** Presses the button, moves the pointer, and lets it go there, as a browser tells it: with a click at the end. */
function drag(to: { clientX: number; clientY: number }): void {
  fireEvent.pointerDown(opener(), { clientX: 10, clientY: 10 })
  fireEvent.pointerMove(document.body, to)
  fireEvent.pointerUp(document.body, to)
  fireEvent.click(opener(), { detail: 1 })
}

afterEach(() => localStorage.clear())

test('arrow keys move the devtools to another corner, where they are the next time', async () => {
  await open(createTracedClient())
  expect(corner()).toBe('bottom right')
  fireEvent.keyDown(opener(), { key: 'ArrowUp' })
  expect(corner()).toBe('top right')
  fireEvent.keyDown(opener(), { key: 'ArrowLeft' })
  expect(corner()).toBe('top left')
  cleanup()
  await open(createTracedClient())
  expect(corner()).toBe('top left')
  fireEvent.keyDown(opener(), { key: 'ArrowDown' })
  fireEvent.keyDown(opener(), { key: 'ArrowRight' })
  expect(corner()).toBe('bottom right')
})

test('the button is dragged to the nearest corner, and is not pressed by that', async () => {
  await open(createTracedClient())
  drag({ clientX: innerWidth * 0.3, clientY: innerHeight * 0.4 })
  expect(corner()).toBe('top left')
  expect(opener().textContent).toBe('Close devtools')
  drag({ clientX: innerWidth * 0.7, clientY: innerHeight * 0.6 })
  expect(corner()).toBe('bottom right')
})

test('a hand that is not quite still presses it', async () => {
  await open(createTracedClient())
  drag({ clientX: 12, clientY: 13 })
  expect(corner()).toBe('bottom right')
  expect(opener().textContent).toBe('Session devtools')
})

test('a drag that the browser takes over moves nothing', async () => {
  await open(createTracedClient())
  fireEvent.pointerDown(opener(), { clientX: 10, clientY: 10 })
  fireEvent.pointerMove(document.body, { clientX: 90, clientY: 90 })
  fireEvent.pointerCancel(document.body)
  expect(corner()).toBe('bottom right')
})

test('where storage is refused it is moved all the same', async () => {
  const refuse = () => {
    throw new DOMException('The operation is insecure.', 'SecurityError')
  }
  vi.spyOn(Storage.prototype, 'getItem').mockImplementation(refuse)
  vi.spyOn(Storage.prototype, 'setItem').mockImplementation(refuse)
  await open(createTracedClient())
  fireEvent.keyDown(opener(), { key: 'ArrowUp' })
  expect(corner()).toBe('top right')
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

test('the channel to other tabs ends with the devtools, also under StrictMode', () => {
  const close = vi.spyOn(BroadcastChannel.prototype, 'close')
  const opened = vi.spyOn(BroadcastChannel.prototype, 'addEventListener')
  const { client } = createTracedClient()
  const { unmount } = render(
    <StrictMode>
      <TokenHandlerProvider client={client}>
        <Devtools />
      </TokenHandlerProvider>
    </StrictMode>,
  )
  expect(opened.mock.calls.length).toBeGreaterThan(0)
  unmount()
  expect(close).toHaveBeenCalledTimes(opened.mock.calls.length)
})
