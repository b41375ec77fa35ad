// Two agents, one origin, one callback path: each response goes to the agent whose sign-in it ends.
import { expect, it } from 'vitest'
import { createTokenHandlerClient } from '../../src/index.ts'
import { createFakeBrowser } from '../support/fake-browser.ts'
import { createFakeTab } from '../support/fake-platform.ts'
import { settle } from '../support/gate.ts'
import { HOME } from '../support/page.ts'
import { encryptedResponse } from '../support/signed-response.ts'

const NAMES = ['two', 'one'] as const
type Name = (typeof NAMES)[number]

const agentOf = (name: Name) => `https://${name}.example.com/oauth-agent`

function openBrowser(authorizationQuery: (name: Name) => string, more: (name: Name) => object) {
  const posts: string[] = []
  const browser = createFakeBrowser({ channel: true })

  async function answer(input: RequestInfo | URL, init?: RequestInit): Promise<Response> {
    const { url } = new Request(input, init)
    const name = url.includes('//one.') ? 'one' : 'two'
    if (url.endsWith('/login/start')) {
      const authorization_url = `https://login.example.net/authorize?${authorizationQuery(name)}`
      return Response.json({ authorization_url, ...more(name) })
    }
    if (!url.endsWith('/login/end')) return Response.json({ is_logged_in: false })
    posts.push(name)
    return Response.json({ is_logged_in: true, id_token_claims: { sub: name } })
  }

  function openTab(path: string) {
    const tab = createFakeTab(answer, HOME + path, browser)
    const makeClient = (name: Name) =>
      createTokenHandlerClient({
        agentUrl: agentOf(name),
        apiUrls: [],
        callbackPath: '/callback',
        platform: tab.platform,
      })
    return { tab, makeClients: () => ({ two: makeClient('two'), one: makeClient('one') }) }
  }

  return { posts, openTab }
}

const visible = (name: Name) => `state=state-of-agent-${name}`
const pushed = () => 'request_uri=urn:x'
const untold = () => ({})
const told = (name: Name) => ({ state: `state-of-agent-${name}` })

it.each([
  ['shows its state', visible, untold, 'the same tab'],
  ['shows its state', visible, untold, 'another tab'],
  ['is pushed, and the agent names its state', pushed, told, 'the same tab'],
  ['is pushed, and the agent names its state', pushed, told, 'another tab'],
  ['is pushed, and its state is not known', pushed, untold, 'the same tab'],
] as const)(
  'a response goes to its agent alone when the request %s: %s %s in %s',
  async (_, query, more, where) => {
    const { posts, openTab } = openBrowser(query, more)
    const start = openTab('')
    void start.makeClients().one.login()
    await settle()

    const path = 'callback?code=c&state=state-of-agent-one'
    const back = where === 'the same tab' ? start : openTab(path)
    if (back === start) start.tab.open(HOME + path)
    const { two, one } = back.makeClients()
    // The one that it is not for is the first to see it.
    await Promise.all([two.load(), one.load()])
    expect(posts).toEqual(['one'])
    expect(one.getSnapshot().status).toBe('authenticated')
    expect(two.getSnapshot()).toEqual({ status: 'unauthenticated', reason: 'none' })
    expect(back.tab.url()).toBe(`${HOME}callback`)
  },
)

it('two sign-ins of one tab, one for each agent, come back to their own in any order', async () => {
  const { posts, openTab } = openBrowser(visible, untold)
  const { tab, makeClients } = openTab('')
  for (const name of NAMES) {
    void makeClients()[name].login()
    await settle()
    tab.open(HOME)
  }
  for (const name of ['one', 'two'] as const) {
    tab.open(`${HOME}callback?code=c&state=state-of-agent-${name}`)
    const clients = makeClients()
    await Promise.all([clients.two.load(), clients.one.load()])
  }
  expect(posts).toEqual(['one', 'two'])
})

// The one that is asked first has ended a sign-in of its own before, or has none at all.
it.each([
  [
    'is pushed, and its state is not known',
    untold,
    (name: Name) => `code=c&state=state-of-agent-${name}`,
  ],
  ['has an encrypted response', told, (name: Name) => `response=${encryptedResponse()}${name}`],
] as const)(
  'a sign-in of this tab comes before what another agent may wait for, when the request %s',
  async (_, more, response) => {
    const { posts, openTab } = openBrowser(pushed, more)
    const { tab, makeClients } = openTab('')
    for (const name of NAMES) {
      void makeClients()[name].login()
      await settle()
      tab.open(`${HOME}callback?${response(name)}`)
      const { two, one } = makeClients()
      await Promise.all([two.load(), one.load()])
      tab.open(HOME)
    }
    expect(posts).toEqual(NAMES)
  },
)

it('an encrypted response goes to the agent whose sign-in is pending, and to no other', async () => {
  const { posts, openTab } = openBrowser(pushed, told)
  const { tab, makeClients } = openTab('')
  void makeClients().one.login()
  await settle()
  tab.open(`${HOME}callback?response=${encryptedResponse()}`)
  const { two, one } = makeClients()
  await Promise.all([two.load(), one.load()])
  expect(posts).toEqual(['one'])
  expect(one.getSnapshot().status).toBe('authenticated')
})

it('a response with a known state goes to its agent alone, however long the user took', async () => {
  const { posts, openTab } = openBrowser(visible, untold)
  const { tab, makeClients } = openTab('')
  void makeClients().one.login()
  await settle()
  tab.browser.setClockForward(3_600_000)
  tab.open(`${HOME}callback?code=c&state=state-of-agent-one`)
  const { two, one } = makeClients()
  await Promise.all([two.load(), one.load()])
  expect(posts).toEqual(['one'])
})

it('a response that either may have brought goes to neither, in a tab that has started no sign-in', async () => {
  const { posts, openTab } = openBrowser(pushed, told)
  for (const name of NAMES) {
    void openTab('').makeClients()[name].login()
    await settle()
  }
  const { tab, makeClients } = openTab(`callback?response=${encryptedResponse()}`)
  const { two, one } = makeClients()
  await Promise.all([two.load(), one.load()])
  expect(posts).toEqual([])
  expect(new URL(tab.url()).search).not.toBe('')
})
