// A page that was about to leave for a sign-in or sign-out, and stays.
import { describe, expect, it } from 'vitest'
import type { TokenHandlerClient } from '../../src/index.ts'
import { signedIn } from '../support/fake-agent.ts'
import { createGate, settle } from '../support/gate.ts'
import { alice, comeBack, HOME, openPage, openSignedInPage } from '../support/page.ts'
import type { Page } from '../support/page.ts'

const AUTHORIZE = 'https://login.example.net/authorize?state=s1'
const stopped = { code: 'navigation_stopped', retryable: true }

/** What became of a sign-in so far. */
function watch(login: Promise<never>) {
  const seen: { outcome: unknown } = { outcome: 'pending' }
  login.catch((error: unknown) => (seen.outcome = error))
  return seen
}

async function startLogin(page: Page) {
  const seen = watch(page.client.login({ returnTo: '/orders' }))
  await settle()
  expect(page.tab.navigations).toEqual([AUTHORIZE])
  return seen
}

const waysToStay: readonly [string, (page: Page) => void][] = [
  ['the browser says that the navigation was stopped', ({ tab }) => tab.stopNavigation()],
  [
    'it is still there after ten seconds, whatever the answer was',
    ({ tab }) => tab.advance(10_000),
  ],
  ['it comes back from the back/forward cache', ({ tab }) => tab.restore()],
]

describe.each(waysToStay)('a page that stays: %s', (_, stay) => {
  it('lets go of what awaits the sign-in, with an error worth another try', async () => {
    const page = openPage()
    await page.client.load()
    const seen = await startLogin(page)
    expect(seen.outcome).toBe('pending')
    stay(page)
    await settle()
    expect(seen.outcome).toMatchObject(stopped)
    expect(page.client.getSnapshot()).toEqual({ status: 'unauthenticated', reason: 'none' })
  })

  it('starts again when the user clicks again', async () => {
    const page = openPage()
    await startLogin(page)
    stay(page)
    void page.client.login()
    await settle()
    expect(page.tab.navigations).toEqual([AUTHORIZE, AUTHORIZE])
  })

  it('can sign in although it was about to leave for a sign-out', async () => {
    const page = await openSignedInPage()
    page.agent.answer('logout', { json: { logout_url: 'https://login.example.net/logout' } })
    await page.client.logout()
    stay(page)
    void page.client.login()
    await settle()
    expect(page.tab.navigations.at(-1)).toBe(AUTHORIZE)
  })

  it('says that it leaves, and that it does not', async () => {
    const page = openPage()
    await page.client.load()
    const told: boolean[] = []
    page.client.on('leaving', ({ isLeaving }) => told.push(isLeaving))
    const login = page.client.login()
    expect(page.client.isLeaving()).toBe(true)
    watch(login)
    await settle()
    expect(told).toEqual([true])
    stay(page)
    await settle()
    expect(page.client.isLeaving()).toBe(false)
    expect(told).toEqual([true, false])
  })

  it('goes on when the sign-in was the restart of a lost one', async () => {
    const page = await comeBack('?code=c&state=s1')
    page.agent.answer('endLogin', { status: 400, json: { error_code: 'invalid_request' } })
    const loading = page.client.load()
    await settle()
    stay(page)
    expect((await loading).session).toEqual({ status: 'unauthenticated', reason: 'none' })
  })
})

describe('leaving', () => {
  it('lasts from the call to the answer when there is nowhere to go', async () => {
    const { client, agent } = await openSignedInPage()
    const gate = createGate()
    agent.answer('logout', () => gate.passed.then(() => ({ json: {} })))
    const loggingOut = client.logout()
    expect(client.isLeaving()).toBe(true)
    gate.open()
    await loggingOut
    expect(client.isLeaving()).toBe(false)
  })

  it('ends when the sign-in cannot be started', async () => {
    const { client, agent } = openPage()
    agent.answer('startLogin', { status: 503 })
    await expect(client.login()).rejects.toMatchObject({ code: 'agent_unreachable' })
    expect(client.isLeaving()).toBe(false)
  })

  it('is not ended by what became of an earlier navigation', async () => {
    const page = openPage()
    const first = watch(page.client.login())
    await settle()
    const { stopNavigation } = page.tab
    stopNavigation()
    await settle()
    expect(first.outcome).toMatchObject(stopped)
    const second = watch(page.client.login())
    await settle()
    page.tab.advance(9_999)
    await settle()
    expect(second.outcome).toBe('pending')
  })
})

describe('departures that overlap', () => {
  const LOGOUT = 'https://login.example.net/logout'

  it('a sign-out takes the place of a sign-in, and both are over when the page comes back', async () => {
    const page = await openSignedInPage()
    page.agent.answer('logout', { json: { logout_url: LOGOUT } })
    const login = await startLogin(page)
    await page.client.logout()
    expect(page.tab.navigations).toEqual([AUTHORIZE, LOGOUT])
    await settle()
    expect(login.outcome).toMatchObject(stopped)
    expect(page.client.isLeaving()).toBe(true)
    page.tab.restore()
    await settle()
    expect(page.client.isLeaving()).toBe(false)
  })

  it('the later one has ten seconds of its own', async () => {
    const page = await openSignedInPage()
    page.agent.answer('logout', { json: { logout_url: LOGOUT } })
    await startLogin(page)
    page.tab.advance(9_000)
    await page.client.logout()
    page.tab.advance(9_000)
    await settle()
    expect(page.client.isLeaving()).toBe(true)
    page.tab.advance(1_000)
    await settle()
    expect(page.client.isLeaving()).toBe(false)
  })
})

describe('a sign-in that nothing awaits', () => {
  it('is reported as no unhandled rejection when the user stops it', async () => {
    const unhandled: unknown[] = []
    const listener = (reason: unknown) => void unhandled.push(reason)
    process.on('unhandledRejection', listener)
    const page = openPage()
    void page.client.login()
    await settle()
    page.tab.stopNavigation()
    await settle()
    process.off('unhandledRejection', listener)
    expect(unhandled).toEqual([])
  })
})

describe('a frame', () => {
  it('is told that it cannot sign in, and asks the agent for nothing', async () => {
    const { client, agent, tab } = openPage()
    tab.setTopLevel(false)
    await expect(client.login()).rejects.toMatchObject({ code: 'not_top_level', retryable: false })
    expect(agent.calls('startLogin')).toHaveLength(0)
    expect(tab.navigations).toEqual([])
  })
})

describe('a session that was found elsewhere meanwhile', () => {
  it('is shown by a page that comes back while a lost sign-in was started once more', async () => {
    const page = await comeBack('?code=c&state=s1')
    page.agent.answer('endLogin', { status: 400, json: { error_code: 'invalid_request' } })
    const loading = page.client.load()
    await settle()
    page.agent.answer('session', signedIn)
    const before = page.agent.calls('session').length
    page.tab.restore()
    expect((await loading).session).toEqual(alice)
    expect(page.agent.calls('session')).toHaveLength(before + 1)
  })
})

describe('a clock that was set back', () => {
  it('makes no loop of two sign-ins of an hour ago', async () => {
    const page = openPage()
    const codes: unknown[] = []
    const signIn = async (client: TokenHandlerClient<unknown>) => {
      client.login().catch((error: { code: string }) => codes.push(error.code))
      await settle()
    }
    await signIn(page.client)
    await signIn(page.open(HOME).client)
    page.tab.browser.setClockForward(-3_600_000)
    await signIn(page.open(HOME).client)
    expect(codes).toEqual([])
  })
})

describe('a sign-out that comes while a sign-in is being prepared', () => {
  it('is where the page leaves for, and the sign-in waits with it', async () => {
    const page = await openSignedInPage()
    const gate = createGate()
    page.agent.answer('startLogin', () =>
      gate.passed.then(() => ({ json: { authorization_url: AUTHORIZE } })),
    )
    page.agent.answer('logout', { json: { logout_url: 'https://login.example.net/logout' } })
    const seen = watch(page.client.login())
    await settle()
    await page.client.logout()
    gate.open()
    await settle()
    expect(page.tab.navigations).toEqual(['https://login.example.net/logout'])
    expect(seen.outcome).toBe('pending')
    page.tab.restore()
    await settle()
    expect(seen.outcome).toMatchObject(stopped)
  })
})
