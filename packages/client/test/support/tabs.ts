// Several tabs of one browser, all signed in as alice.
import { unauthorized } from './fake-agent.ts'
import type { FakeAgent } from './fake-agent.ts'
import { createFakeBrowser } from './fake-browser.ts'
import type { FakeBrowser, Lacks } from './fake-browser.ts'
import { settle } from './gate.ts'
import { openSignedInPage } from './page.ts'
import type { Options, Page } from './page.ts'

export interface Tabs {
  readonly agent: FakeAgent
  readonly browser: FakeBrowser
  readonly tabs: readonly Page[]
  readonly first: Page
  readonly second: Page
}

/**
 * @param count - two, unless the test needs more
 * @param deliver - see `createFakeBrowser`
 */
export async function openTabs(
  options: Options = {},
  lacks: Lacks = {},
  count = 2,
  deliver?: (arrive: () => void) => void,
): Promise<Tabs> {
  const browser = createFakeBrowser(lacks, deliver)
  const first = await openSignedInPage(options, browser)
  const tabs = [first]
  while (tabs.length < count) {
    const page = first.openTab()
    const loading = page.client.load()
    await settle()
    // Where no tab can answer.
    browser.advance(50)
    await loading
    tabs.push(page)
  }
  const [, second = first] = tabs
  return { agent: first.agent, browser, tabs, first, second }
}

/** The API refuses every request until the agent has refreshed so many times. */
export function refuseUntilRefreshed(agent: FakeAgent, times = 1): void {
  agent.answerApi(() => (agent.calls('refresh').length < times ? unauthorized : { json: 'ok' }))
}
