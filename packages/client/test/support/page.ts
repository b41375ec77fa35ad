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
import { createFakeTab, START } from './fake-platform.ts'
import type { FakeTab } from './fake-platform.ts'
import { settle } from './gate.ts'

export type Options = Partial<Omit<TokenHandlerClientOptions<Claims>, 'claims' | 'platform'>>

export interface Page {
  readonly client: TokenHandlerClient<Claims>
  readonly agent: FakeAgent
  readonly tab: FakeTab
  /** Names of the events so far. */
  readonly events: string[]
  /** The user opens a URL in the same tab: a new client, the same storage. */
  readonly open: (url: string) => Page
}

export const PREFIX = `token-handler:${AGENT_URL}`
export const HOME = 'https://www.example.com/'
export const FLAG = `${PREFIX}:isLoggedIn`

const eventNames = ['sessionStarted', 'refreshed', 'sessionExpired', 'signedOut', 'error'] as const

function startPage(agent: FakeAgent, tab: FakeTab, options: Options): Page {
  const client = createTokenHandlerClient({
    agentUrl: AGENT_URL,
    apiUrls: [API_URL],
    ...options,
    platform: tab.platform,
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
  }
}

export function openPage(options: Options = {}, url?: string): Page {
  const agent = createFakeAgent()
  return startPage(agent, createFakeTab(agent.fetch, url), options)
}

/** A page that has found its user signed in. */
export async function openSignedInPage(options: Options = {}): Promise<Page> {
  const page = openPage(options)
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
