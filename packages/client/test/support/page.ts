// One page of an app: a client in a fake tab, in front of a fake agent.
import type { Claims } from '@token-handler/contract'
import { createTokenHandlerClient } from '../../src/index.ts'
import type {
  TokenHandlerClient,
  TokenHandlerClientOptions,
  TokenHandlerEvents,
} from '../../src/index.ts'
import { AGENT_URL, API_URL, createFakeAgent, signedIn } from './fake-agent.ts'
import type { FakeAgent } from './fake-agent.ts'
import type { FakeBrowser } from './fake-browser.ts'
import { createFakeTab, START } from './fake-platform.ts'
import type { FakeTab } from './fake-platform.ts'
import { settle } from './gate.ts'
import type { Platform } from '../../src/index.ts'

export type Options = Partial<Omit<TokenHandlerClientOptions<Claims>, 'claims' | 'platform'>>

export interface Page {
  readonly client: TokenHandlerClient<Claims>
  readonly agent: FakeAgent
  readonly tab: FakeTab
  /** Names of the events so far. */
  readonly events: string[]
  /** The user opens a URL in the same tab: a new client, the same storage. */
  readonly open: (url: string) => Page
  /** A second client on the same page, which may see another platform. */
  readonly createAnother: (change?: (platform: Platform) => Platform) => Page
  /** The user opens a URL in another tab of the same browser. */
  readonly openTab: (url?: string, own?: Options) => Page
}

export const PREFIX = `token-handler:${AGENT_URL}`
export const HOME = 'https://www.example.com/'
export const FLAG = `${PREFIX}:isLoggedIn`

const eventNames = [
  'sessionStarted',
  'userChanged',
  'refreshed',
  'sessionExpiring',
  'sessionExpired',
  'signedOut',
  'error',
] as const

function startPage(
  agent: FakeAgent,
  tab: FakeTab,
  options: Options,
  platform: Platform = tab.platform,
): Page {
  const client = createTokenHandlerClient({
    agentUrl: AGENT_URL,
    apiUrls: [API_URL],
    ...options,
    platform,
  })
  const events: string[] = []
  for (const name of eventNames) {
    client.on<keyof TokenHandlerEvents<Claims>>(name, () => events.push(name))
  }
  return {
    client,
    agent,
    tab,
    events,
    open(url) {
      tab.open(url)
      return startPage(agent, tab, options)
    },
    createAnother: (change = (own) => own) => startPage(agent, tab, options, change(tab.platform)),
    openTab: (url = HOME, own = options) =>
      startPage(agent, createFakeTab(agent.fetch, url, tab.browser), own),
  }
}

/** @param browser - by default one in which this tab is alone */
export function openPage(options: Options = {}, url = HOME, browser?: FakeBrowser): Page {
  const agent = createFakeAgent()
  return startPage(agent, createFakeTab(agent.fetch, url, browser), options)
}

/** A page that has found its user signed in. */
export async function openSignedInPage(
  options: Options = {},
  browser?: FakeBrowser,
): Promise<Page> {
  const page = openPage(options, HOME, browser)
  page.agent.answer('session', signedIn)
  await page.client.load()
  return page
}

/** Her session, as the fake agent's `signedIn` gives it at the start. */
export const alice = {
  status: 'authenticated',
  claims: { sub: 'alice' },
  accessTokenExpiresAt: START + 300_000,
  stale: false,
}

/** Starts a sign-in, and opens the page that it comes back to. */
export async function comeBack(
  callback: string,
  returnTo = '/orders/7?tab=2#items',
): Promise<Page> {
  const page = openPage()
  void page.client.login({ returnTo, appState: { draft: 'x' } })
  await settle()
  return page.open(HOME + callback)
}
