// The model's world: one browser with several pages of an app, in front of the model of an agent.
import type { Scheduler } from 'fast-check'
import { earlySessionScript } from '../../src/early-session.ts'
import { createTokenHandlerClient } from '../../src/index.ts'
import type { TokenHandlerClient } from '../../src/index.ts'
import { AGENT_URL, API_URL } from '../support/fake-agent.ts'
import { createFakeBrowser } from '../support/fake-browser.ts'
import type { FakeBrowser, Lacks } from '../support/fake-browser.ts'
import { createFakeTab } from '../support/fake-platform.ts'
import type { FakeTab } from '../support/fake-platform.ts'
import { HOME } from '../support/page.ts'
import { createAgentModel } from './agent-model.ts'
import type { AgentModel, User } from './agent-model.ts'
import { createInvariants } from './invariants.ts'
import type { Invariants } from './invariants.ts'
import { createNetwork } from './network.ts'
import type { Network } from './network.ts'

/** A page of the app, until it is closed or left. */
export interface ModelPage {
  readonly tab: FakeTab
  readonly client: TokenHandlerClient<Readonly<Record<string, unknown>>>
  readonly isOpen: () => boolean
  /** Not while it is in the back/forward cache. */
  readonly isListening: () => boolean
  readonly close: () => void
  /** The user stops the next navigation; `isTold`: the browser says so. */
  readonly stopNextNavigation: (isTold: boolean) => void
  /** Stops the navigation, if the user wants to; returns whether. */
  readonly stopNavigation: () => boolean
  /** Disposes the client; another one, of the same tab, goes on. */
  readonly replaceClient: () => void
}

export interface WorldOptions {
  readonly scheduler: Scheduler
  /** Whether the agent remembers what a refresh token was exchanged for. */
  readonly hasCache: boolean
  readonly lacks?: Lacks
}

const earlyScript = earlySessionScript(AGENT_URL)

/** A world in which nothing happens by itself. */
export interface World {
  readonly agent: AgentModel
  readonly network: Network
  readonly browser: FakeBrowser
  readonly invariants: Invariants
  readonly pages: readonly ModelPage[]
  readonly openPage: (url: string, sessionStorage?: ReadonlyMap<string, string>) => void
  /** Another session, as a sign-in brings it; every third is bob's. */
  readonly nextUser: () => User
  /** Lets scripts run, and browsers follow the navigations they have begun. */
  readonly rest: () => Promise<void>
  /** Lets so many requests, answers and messages arrive, in an order that the scheduler chooses. */
  readonly letArrive: (count: number) => Promise<void>
  /** Milliseconds. Timers fire in their order; requests and answers may stay away for longer. */
  readonly wait: (milliseconds: number) => Promise<void>
  readonly log: (...entry: unknown[]) => void
  /** What happened, line by line. */
  readonly diary: () => string
}

export function createWorld({ scheduler, hasCache, lacks = {} }: WorldOptions): World {
  const entries: unknown[][] = []
  const log = (...entry: unknown[]) => void entries.push(entry)
  const travel = (label: string) => scheduler.schedule(Promise.resolve(), label)

  // Messages, storage and locks take their time on the way to other pages, but less than a second.
  const underWay = new Set<() => void>()
  const deliver = (label: string) => (arrive: () => void) => {
    const arriveOnce = () => void (underWay.delete(arriveOnce) && arrive())
    underWay.add(arriveOnce)
    void travel(label).then(arriveOnce)
  }
  const browser = createFakeBrowser(lacks, deliver('message'), deliver('lock'))
  function propagate(): void {
    for (const arriveNow of underWay) arriveNow()
  }

  let users = 0
  function nextUser(): User {
    users += 1
    return users % 3 === 2 ? 'bob' : 'alice'
  }
  const agent = createAgentModel({ hasCache, nextUser, now: browser.monotonicNow })
  const invariants = createInvariants({
    lacks,
    isQuiet: () => underWay.size === 0,
    isFresh: () => agent.isFresh(network.cookies()),
  })
  const network = createNetwork(agent, travel, invariants.network)
  invariants.watch(network, browser)

  const pages: ModelPage[] = []
  let opened = 0

  function openPage(url: string, sessionStorage?: ReadonlyMap<string, string>): void {
    opened += 1
    const name = `page ${opened}`
    const random = opened / 100
    let isOpen = true
    let isListening = true
    let stop: { readonly isTold: boolean } | undefined
    const sender = { isOpen: () => isOpen }
    const tab = createFakeTab(network.fetchFor(sender), url, browser)
    for (const [key, value] of sessionStorage ?? []) tab.sessionStorage.set(key, value)
    // The head of every other page asks early, and its scripts come later.
    const isEarly = opened % 2 === 0
    if (isEarly) {
      tab.runScript(earlyScript)
      void travel('scripts').then(start)
    } else {
      start()
    }

    function start(): void {
      const client = createTokenHandlerClient({
        agentUrl: AGENT_URL,
        apiUrls: [API_URL],
        platform: { ...tab.platform, random: () => random },
      })
      const page: ModelPage = {
        tab,
        client,
        ...sender,
        isListening: () => isListening,
        close() {
          // A page takes longer to close than a message to travel.
          propagate()
          isOpen = false
          tab.close()
          pages.splice(pages.indexOf(page), 1)
        },
        stopNextNavigation(isTold) {
          stop = { isTold }
        },
        stopNavigation() {
          if (!stop) return false
          tab.navigations.splice(0)
          if (stop.isTold) tab.stopNavigation()
          stop = undefined
          return true
        },
        replaceClient() {
          // Its marks go, as with a page that closes: what they tell has arrived by then.
          propagate()
          // Its page stays, and so does what it has asked the agent for.
          isOpen = false
          client.dispose()
          pages.splice(pages.indexOf(page), 1)
          openPage(tab.url(), tab.sessionStorage)
        },
      }
      pages.push(page)
      log(name, 'opens', url)
      client.on('trace', (step) => {
        log(name, step)
        if (step.kind !== 'page') return
        isListening = step.event === 'restored' || (isListening && step.event !== 'left')
      })
      invariants.follow(page)
      invariants.expectToSettle(page, client.load())
    }
  }

  /** Pages that have left for the authorization server come back, to end a sign-in or a sign-out. */
  function followNavigations(): void {
    for (const page of pages.filter(({ tab }) => tab.navigations.length > 0)) {
      if (page.stopNavigation()) continue
      const state = new URL(page.tab.navigations[0] ?? '').searchParams.get('state')
      page.close()
      const url = state === null ? HOME : `${HOME}?code=c-${state}&state=${state}`
      openPage(url, page.tab.sessionStorage)
    }
  }

  async function rest(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve))
    followNavigations()
  }

  async function letArrive(count: number): Promise<void> {
    for (let arrival = 0; arrival < count && scheduler.count() > 0; arrival += 1) {
      await scheduler.waitOne()
      await rest()
    }
  }

  async function wait(milliseconds: number): Promise<void> {
    let left = milliseconds
    while (left > 0) {
      const step = Math.min(browser.nextTimerIn() ?? left, left)
      if (step > 0) {
        propagate()
        await rest()
      }
      browser.advance(step)
      left -= step
      await rest()
      if (step === 0) await letArrive(1)
    }
  }

  return {
    agent,
    network,
    browser,
    invariants,
    pages,
    openPage,
    nextUser,
    rest,
    letArrive,
    wait,
    log,
    diary: () =>
      entries.map((entry) => entry.map((part) => JSON.stringify(part)).join(' ')).join('\n'),
  }
}
