// Failures of `login()` and `logout()`: an event for each, and no unhandled rejection for who does not wait.
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createSilentLogin } from '../../src/silent-login.ts'
import { networkError, signedIn } from '../support/fake-agent.ts'
import { settle } from '../support/gate.ts'
import { openPage, openSignedInPage } from '../support/page.ts'
import type { Page } from '../support/page.ts'

const unhandled: unknown[] = []
const note = (reason: unknown) => void unhandled.push(reason)
let listeners: NodeJS.UnhandledRejectionListener[] = []

beforeEach(() => {
  unhandled.length = 0
  // The runner's own would fail the test that causes one.
  listeners = process.listeners('unhandledRejection')
  process.removeAllListeners('unhandledRejection').on('unhandledRejection', note)
})
afterEach(() => {
  process.removeAllListeners('unhandledRejection')
  for (const listener of listeners) process.on('unhandledRejection', listener)
})

function listen({ client }: Page) {
  const errors: unknown[] = []
  client.on('error', ({ error }) => errors.push(error))
  return errors
}

describe('a sign-in that cannot be started', () => {
  it('is told by one event, however many buttons and guards have asked for it', async () => {
    const page = openPage()
    await page.client.load()
    page.agent.answer('startLogin', networkError)
    const errors = listen(page)
    const before = page.client.getSnapshot()
    for (let click = 0; click < 10; click += 1) void page.client.login()
    await settle()
    expect(errors).toEqual([
      expect.objectContaining({ code: 'agent_unreachable', operation: 'startLogin' }),
    ])
    expect(unhandled).toEqual([])
    // It says nothing about the session.
    expect(page.client.getSnapshot()).toBe(before)
  })

  it('rejects for who waits, too', async () => {
    const page = openPage()
    page.agent.answer('startLogin', networkError)
    const errors = listen(page)
    const error: unknown = await page.client.login().catch((reason: unknown) => reason)
    expect(errors).toEqual([error])
  })

  it('is told again when it fails again', async () => {
    const page = openPage()
    page.agent.answer('startLogin', networkError)
    const errors = listen(page)
    void page.client.login()
    await settle()
    void page.client.login()
    await settle()
    expect(errors).toHaveLength(2)
  })

  it('is told once when it is a loop, which the session says too', async () => {
    const page = openPage()
    const errors = listen(page)
    for (let turn = 0; turn < 3; turn += 1) {
      void page.client.login()
      await settle()
      page.tab.restore()
    }
    expect(errors).toEqual([expect.objectContaining({ code: 'login_loop' })])
    expect(unhandled).toEqual([])
  })

  it('is no quiet one when it is a mistake of the app', async () => {
    const page = openPage()
    const errors = listen(page)
    void page.client.login({ appState: { n: 1n } })
    await settle()
    expect(unhandled).toEqual([expect.any(TypeError)])
    expect(errors).toEqual([])
  })

  it('silently, is told by one event, too, and is no unhandled rejection', async () => {
    const page = openPage()
    await page.client.load()
    page.agent.answer('startLogin', networkError)
    const errors = listen(page)
    void createSilentLogin(page.client, page.tab.platform)()
    await settle()
    expect(errors).toEqual([expect.objectContaining({ code: 'agent_unreachable' })])
    expect(unhandled).toEqual([])
  })

  it('silently, is no quiet one when it is a mistake of the app', async () => {
    const page = openPage()
    await page.client.load()
    void createSilentLogin(page.client, page.tab.platform)({ appState: { n: 1n } })
    await settle()
    expect(unhandled).toEqual([expect.any(TypeError)])
  })

  it('leaves a session as it is', async () => {
    const page = await openSignedInPage()
    page.agent.answer('startLogin', { status: 500 })
    const before = page.client.getSnapshot()
    void page.client.login({ parameters: { acr_values: 'mfa' } })
    await settle()
    expect(page.client.getSnapshot()).toBe(before)
  })
})

describe('a sign-out that fails', () => {
  it('is told by an event, and the user stays signed in', async () => {
    const page = await openSignedInPage()
    page.agent.answer('session', signedIn)
    page.agent.answer('logout', { status: 503 })
    const errors = listen(page)
    void page.client.logout()
    await settle()
    expect(errors).toEqual([expect.objectContaining({ operation: 'logout', status: 503 })])
    expect(unhandled).toEqual([])
    expect(page.client.getSnapshot().status).toBe('authenticated')
  })
})
