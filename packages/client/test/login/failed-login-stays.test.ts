// What a user sees after a sign-in that failed: its error, until they act or a session is found.
import { describe, expect, it } from 'vitest'
import { networkError, signedIn } from '../support/fake-agent.ts'
import { settle } from '../support/gate.ts'
import { comeBack } from '../support/page.ts'

async function openFailedSignIn() {
  const page = await comeBack('?code=c&state=s1')
  page.agent.answer('endLogin', { status: 502, json: { error_code: 'authorization_server_error' } })
  await page.client.load()
  const failed = page.client.getSnapshot()
  expect(failed).toMatchObject({ status: 'error', error: { operation: 'endLogin', status: 502 } })
  return { ...page, failed }
}

/** Everything that a page, a router or a provider does by itself. */
async function letTimePass({ client, tab }: Awaited<ReturnType<typeof openFailedSignIn>>) {
  void client.load()
  void client.load()
  for (let second = 0; second < 40; second += 1) {
    tab.advance(1000)
    await settle()
  }
  tab.tell('visible')
  tab.tell('online')
  await settle()
}

describe('a sign-in that the agent could not end', () => {
  it('stays the same error while the page asks again and finds nobody signed in', async () => {
    const page = await openFailedSignIn()
    const seen: unknown[] = []
    page.client.subscribe(() => seen.push(page.client.getSnapshot().status))
    await letTimePass(page)
    expect(page.client.getSnapshot()).toBe(page.failed)
    expect(seen).toEqual([])
    expect(page.events).toEqual(['error'])
  })

  it('stays the same error while the agent cannot be asked', async () => {
    const page = await openFailedSignIn()
    page.agent.answer('session', networkError)
    await letTimePass(page)
    expect(page.client.getSnapshot()).toBe(page.failed)
  })

  it('turns into the session as soon as one is found', async () => {
    const page = await openFailedSignIn()
    page.agent.answer('session', signedIn)
    const { returnTo, session } = await page.client.load()
    expect(session.status).toBe('authenticated')
    expect(returnTo).toBe('/orders/7?tab=2#items')
  })

  it('is asked about once, however many loads there are meanwhile', async () => {
    const page = await openFailedSignIn()
    void page.client.load()
    void page.client.load()
    void page.client.load()
    await settle()
    expect(page.agent.calls('session')).toHaveLength(1)
  })

  it('is loading again when it is the user who tries again', async () => {
    const page = await openFailedSignIn()
    page.tab.click()
    const loading = page.client.load()
    expect(page.client.getSnapshot()).toEqual({ status: 'loading' })
    for (let second = 0; second < 10; second += 1) {
      page.tab.advance(1000)
      await settle()
    }
    expect((await loading).session).toEqual({ status: 'unauthenticated', reason: 'none' })
  })

  it('is asked about for a user who tries again, also where another try alone would not help', async () => {
    const page = await comeBack('?error=access_denied&state=s1')
    page.agent.answer('endLogin', { status: 400, json: { error_code: 'access_denied' } })
    await page.client.load()
    const failed = page.client.getSnapshot()
    expect(failed).toMatchObject({ error: { code: 'login_failed', retryable: false } })
    // A provider or a router, by itself.
    await page.client.load()
    expect(page.client.getSnapshot()).toBe(failed)
    page.tab.click()
    const loading = page.client.load()
    expect(page.client.getSnapshot()).toEqual({ status: 'loading' })
    const { session, returnTo } = await loading
    expect(session).toEqual({ status: 'unauthenticated', reason: 'none' })
    expect(returnTo).toBe('/orders/7?tab=2#items')
  })

  it('is left by a new sign-in, and by a sign-out', async () => {
    const page = await openFailedSignIn()
    void page.client.login()
    await settle()
    expect(page.tab.navigations).toHaveLength(2)
    const other = await openFailedSignIn()
    await other.client.logout()
    expect(other.client.getSnapshot()).toEqual({ status: 'unauthenticated', reason: 'signed-out' })
  })
})
