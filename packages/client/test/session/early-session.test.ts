// The session that a script in the page's head has asked for while the app's scripts were on their way.
import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { earlySessionScript } from '../../src/early-session.ts'
import { AGENT_URL, networkError, signedIn, signedOut } from '../support/fake-agent.ts'
import { START } from '../support/fake-platform.ts'
import type { FakeTab } from '../support/fake-platform.ts'
import { createGate, settle } from '../support/gate.ts'
import { FLAG, HOME, openPage, openSignedInPage, PREFIX } from '../support/page.ts'
import type { Page } from '../support/page.ts'
import { openTabs } from '../support/tabs.ts'

const script = earlySessionScript(AGENT_URL)

/** Until what it sends, if anything, has arrived. */
async function runScript(tab: FakeTab, text = script): Promise<void> {
  tab.runScript(text)
  await settle()
}

/** Alice has been here before, and opens a page whose head asks early. */
async function openAgain(url = HOME): Promise<Page> {
  const { tab, open } = await openSignedInPage()
  await settle()
  const page = open(url)
  await runScript(tab)
  return page
}

const askedSince = (page: Page) => page.agent.calls('session').length - 1

describe('a page that asks early', () => {
  it('shows the session with that one request', async () => {
    const page = await openAgain()
    expect(askedSince(page)).toBe(1)
    const { session } = await page.client.load()
    expect(session).toMatchObject({ status: 'authenticated', claims: { sub: 'alice' } })
    expect(askedSince(page)).toBe(1)
  })

  it('sends what the client would send', async () => {
    const page = await openAgain()
    const [first, early] = page.agent.calls('session').map(({ request }) => request)
    expect([...(early?.headers ?? [])]).toEqual([...(first?.headers ?? [])])
    for (const member of ['url', 'method', 'credentials', 'cache', 'redirect'] as const) {
      expect(early?.[member]).toBe(first?.[member])
    }
  })

  it('counts the life of the access token from when it asked', async () => {
    const page = await openAgain()
    page.tab.advance(10_000)
    const { session } = await page.client.load()
    expect(session).toMatchObject({ accessTokenExpiresAt: START + 300_000 })
  })

  it('uses the answer once', async () => {
    const page = await openAgain()
    await page.client.load()
    await page.client.session()
    await page.createAnother().client.load()
    expect(askedSince(page)).toBe(3)
  })

  it('believes an early answer that the session is over', async () => {
    const { tab, open, agent } = await openSignedInPage()
    await settle()
    const page = open(HOME)
    agent.answer('session', signedOut)
    await runScript(tab)
    const { session } = await page.client.load()
    expect(session.status).toBe('unauthenticated')
    expect(agent.calls('session')).toHaveLength(2)
  })

  it.each([
    ['fails', networkError],
    ['is an error', { status: 404 }],
    ['is not the agent’s', { text: '<!doctype html>' }],
  ])('asks again when the early answer %s', async (_, answer) => {
    const { tab, open, agent } = await openSignedInPage()
    await settle()
    const page = open(HOME)
    let isEarly = true
    agent.answer('session', () => {
      const given = isEarly ? answer : signedIn
      isEarly = false
      return given
    })
    await runScript(tab)
    const { session } = await page.client.load()
    expect(session.status).toBe('authenticated')
    expect(agent.calls('session')).toHaveLength(3)
    expect(page.events).not.toContain('error')
  })

  it('asks again when the answer is as old as a request may take', async () => {
    const page = await openAgain()
    page.tab.advance(15_000)
    await page.client.load()
    expect(askedSince(page)).toBe(2)
  })

  it('asks again when another tab has signed out since', async () => {
    const first = await openSignedInPage()
    await settle()
    const page = first.openTab()
    await runScript(page.tab)
    await settle()
    await first.client.logout({ local: true })
    page.agent.answer('session', signedOut)
    const { session } = await page.client.load()
    expect(session.status).toBe('unauthenticated')
  })

  it('asks again when another tab has refreshed since', async () => {
    const page = await openAgain()
    const other = page.openTab()
    await other.client.refresh()
    const before = askedSince(page)
    await page.client.load()
    expect(askedSince(page)).toBe(before + 1)
  })

  it('takes the word of another tab while the agent hangs', async () => {
    const { first } = await openTabs()
    await settle()
    const page = first.openTab()
    page.agent.answer('session', () => createGate().passed.then(() => signedIn))
    await runScript(page.tab)
    const loading = page.client.load()
    await settle()
    expect(page.client.getSnapshot()).toMatchObject({ claims: { sub: 'alice' } })
    expect((await loading).session.status).toBe('authenticated')
  })

  it('is told that the agent hangs when the early question has been waited for, and not twice as late', async () => {
    const page = await openAgain()
    page.tab.open(HOME)
    page.agent.answer('session', () => new DOMException('No answer.', 'TimeoutError'))
    await runScript(page.tab)
    const asked = askedSince(page)
    const loading = page.client.load()
    await settle()
    page.tab.advance(50)
    expect((await loading).session.status).toBe('error')
    expect(askedSince(page)).toBe(asked)
  })

  it('does not believe an answer that a sign-out has overtaken', async () => {
    const page = await openAgain()
    const gate = createGate()
    page.tab.open(HOME)
    page.agent.answer('session', () => gate.passed.then(() => signedIn))
    await runScript(page.tab)
    const loading = page.client.load()
    await page.client.logout({ local: true })
    page.agent.answer('session', signedOut)
    gate.open()
    await loading
    expect(page.client.getSnapshot().status).toBe('unauthenticated')
  })
})

describe('nothing is asked early', () => {
  it('on a first visit', async () => {
    const page = openPage()
    await runScript(page.tab)
    expect(page.agent.allCalls()).toEqual([])
  })

  it('for a visitor who is known to be signed out, also when that was long ago', async () => {
    const { tab, open, client, agent } = openPage()
    await client.load()
    expect(tab.localStorage.get(FLAG)).toMatch(/^false/)
    for (const time of [0, 86_400_000]) {
      tab.advance(time)
      open(HOME)
      await runScript(tab)
    }
    expect(agent.calls('session')).toHaveLength(1)
  })

  it('for a user who has signed out, also when that was long ago', async () => {
    const { tab, open, client, agent } = await openSignedInPage()
    await client.logout({ local: true })
    for (const time of [0, 86_400_000]) {
      tab.advance(time)
      open(HOME)
      await runScript(tab)
    }
    expect(agent.calls('session')).toHaveLength(1)
  })

  it.each(['?code=c1&state=s1', '?state=s1&error=access_denied', '?x=1&response=e30.e30.e30'])(
    'on a page that a sign-in comes back to: %s',
    async (query) => {
      const page = await openAgain(HOME + query)
      expect(askedSince(page)).toBe(0)
    },
  )

  it('where storage has lost what the answer would be compared with', async () => {
    const { tab, open, agent } = await openSignedInPage()
    await settle()
    tab.localStorage.delete(`${PREFIX}:session`)
    open(HOME)
    await runScript(tab)
    expect(agent.calls('session')).toHaveLength(1)
  })

  it('of another agent than the client’s', async () => {
    const { tab, open, agent } = await openSignedInPage()
    await settle()
    const page = open(HOME)
    await runScript(tab, earlySessionScript('https://api.example.com/other-agent'))
    await page.client.load()
    expect(agent.calls('session')).toHaveLength(2)
    expect(agent.allCalls()).toHaveLength(2)
  })

  it('where the browser refuses storage', () => {
    // oxlint-disable-next-line no-implied-eval -- what a page does with an inline script
    const refuse = new Function('document', 'localStorage', 'location', script)
    const storage = {
      getItem() {
        throw new DOMException('Refused.', 'SecurityError')
      },
    }
    expect(refuse({ baseURI: HOME }, storage, new URL(HOME))).toBeUndefined()
  })
})

describe('the script', () => {
  it('ends no script element, whatever the URL is', () => {
    expect(earlySessionScript('/</script><script>alert(1)')).not.toContain('<')
  })

  it('is the same for the same agent, so that a policy can name it', () => {
    const hash = (text: string) => createHash('sha256').update(text).digest('base64')
    expect(hash(earlySessionScript())).toBe(hash(earlySessionScript('/oauth-agent')))
  })
})
