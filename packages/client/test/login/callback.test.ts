// The way back from the authorization server: what is sent, what is cleaned, where it leads.
import { describe, expect, it } from 'vitest'
import { signedIn } from '../support/fake-agent.ts'
import { START } from '../support/fake-platform.ts'
import { settle } from '../support/gate.ts'
import { alice, comeBack, FLAG, HOME, openPage } from '../support/page.ts'

// A pushed authorization request hides its state: any response could be its own.
const hiddenState = 'https://login.example.net/authorize?request_uri=urn:x'

describe('coming back from the authorization server', () => {
  it('ends the login with the whole query, and hands back where the user was', async () => {
    const page = await comeBack('?code=c&state=s1&iss=i')
    const result = await page.client.load()
    expect(result).toEqual({
      session: alice,
      returnTo: '/orders/7?tab=2#items',
      appState: { draft: 'x' },
    })
    expect(page.agent.calls('endLogin').map(({ body }) => body)).toEqual(['code=c&state=s1&iss=i'])
    expect(page.agent.calls('session')).toHaveLength(0)
    expect(page.events).toEqual(['sessionStarted'])
    expect(page.tab.localStorage.get(FLAG)).toBe(`true:${START}`)
  })

  it("cleans the URL before the agent is called, and keeps what is the app's", async () => {
    const page = await comeBack('shop?q=1&code=c&state=s1#top')
    page.agent.answer('endLogin', () => {
      expect(page.tab.url()).toBe(`${HOME}shop?q=1#top`)
      return signedIn
    })
    const loading = page.client.load()
    // Already now, before anything else on the page can read it.
    expect(page.tab.url()).toBe(`${HOME}shop?q=1#top`)
    await loading
    expect(page.tab.replacements).toHaveLength(1)
    expect(page.agent.calls('endLogin')).toHaveLength(1)
  })

  it('is loading until the login has ended', async () => {
    const page = await comeBack('?code=c&state=s1')
    const statuses: string[] = []
    page.client.subscribe(() => statuses.push(page.client.getSnapshot().status))
    await page.client.load()
    expect(statuses).toEqual(['authenticated'])
  })

  it('checks the place to return to again, since other scripts write this storage too', async () => {
    const page = await comeBack('?code=c&state=s1', '/marker')
    for (const [key, value] of page.tab.sessionStorage) {
      page.tab.sessionStorage.set(key, value.replace('/marker', '/.//evil.example'))
    }
    expect((await page.client.load()).returnTo).toBe('/')
  })

  it('leaves a response for another library of the page alone', async () => {
    const page = openPage({}, `${HOME}?code=of-a-payment&state=theirs`)
    await page.client.load()
    expect(page.tab.url()).toBe(`${HOME}?code=of-a-payment&state=theirs`)
    expect(page.agent.calls('endLogin')).toHaveLength(0)
  })

  it('ends a login that another tab has started, on the path that is kept for it', async () => {
    const page = openPage({ callbackPath: '/callback' }, `${HOME}callback?code=c&state=s1`)
    const result = await page.client.load()
    expect(result).toEqual({ session: alice })
    expect(page.tab.url()).toBe(`${HOME}callback`)
  })

  it.each([['s1'], ['theirs']])(
    'leaves every other page alone when a path is kept for it, whatever the state: %s',
    async (state) => {
      const page = openPage({ callbackPath: '/callback' })
      page.agent.answer('startLogin', { json: { authorization_url: hiddenState } })
      void page.client.login()
      await settle()
      const returning = page.open(`${HOME}connect?code=of-another&state=${state}`)
      await returning.client.load()
      expect(returning.tab.url()).toBe(`${HOME}connect?code=of-another&state=${state}`)
      expect(page.agent.calls('endLogin')).toHaveLength(0)
    },
  )

  it('leaves no code in any storage', async () => {
    const page = await comeBack('?code=very-secret-code&state=s1')
    await page.client.load()
    const stored = [...page.tab.sessionStorage, ...page.tab.localStorage].flat().join()
    expect(stored).toContain('isLoggedIn')
    expect(stored).not.toContain('very-secret-code')
  })
})
