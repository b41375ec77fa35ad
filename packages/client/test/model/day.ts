// A day in the model's world: what happens, step by step, until everything has come to rest.
import { ORDERS } from '../support/fake-agent.ts'
import { HOME, PREFIX } from '../support/page.ts'
import type { Action, PageAction, Step, WorldAction } from './actions.ts'
import type { Counts } from './invariants.ts'
import { USER_HEADER } from './network.ts'
import { createWorld } from './world.ts'
import type { ModelPage, World, WorldOptions } from './world.ts'

/** What a day came to. */
export interface Report extends Counts {
  /** Sessions that ended because a refresh token was used twice. */
  readonly losses: number
  /** … so late that the agent had forgotten the answer that nobody heard. */
  readonly lateLosses: number
}

const MAX_PAGES = 5
// More than can be on its way.
const EVERYTHING = 1_000
// Milliseconds. Epochs begin with the time, and none begins twice at the same: all that passes otherwise are seconds.
const A_WHILE = 1_007

async function performInWorld(world: World, action: WorldAction): Promise<void> {
  const { agent, network, browser, invariants, pages } = world
  switch (action.kind) {
    case 'open a tab':
      if (pages.length < MAX_PAGES) world.openPage(HOME)
      return
    case 'expire access tokens':
      return agent.expireAccessTokens()
    case 'end the grant':
      return agent.endGrants()
    case 'sign in elsewhere':
      // Whoever signs in takes so long that nothing is on its way any more.
      await world.letArrive(EVERYTHING)
      network.setCookies(agent.grant(world.nextUser()))
      return invariants.signedInElsewhere()
    case 'spoil':
      return network.spoil(action.fates)
    case 'go offline':
      return network.setOnline(false)
    case 'go online':
      network.setOnline(true)
      for (const { tab } of pages) tab.tell('online')
      return
    case 'evict storage':
      browser.localStorage.clear()
      browser.setClockForward(A_WHILE)
      return invariants.forgotStorage()
    case 'wait':
      return world.wait(action.seconds * 1000)
    case 'jump':
      return browser.setClockForward(action.seconds * 1000)
  }
}

async function performOnPage(world: World, page: ModelPage, action: PageAction): Promise<void> {
  const { client, tab } = page
  const { expectToSettle } = world.invariants
  switch (action.kind) {
    case 'call the API':
      for (let time = 0; time < action.times; time += 1) {
        const session = client.getSnapshot()
        const { sub } = session.status === 'authenticated' ? session.claims : {}
        const headers: HeadersInit = typeof sub === 'string' ? { [USER_HEADER]: sub } : {}
        expectToSettle(page, client.fetch(ORDERS, { headers }))
      }
      return
    case 'ask for the session':
      return expectToSettle(page, client.session())
    case 'refresh':
      return expectToSettle(page, client.refresh())
    case 'sign in':
      await world.letArrive(EVERYTHING)
      tab.click()
      return expectToSettle(page, client.login())
    case 'sign out':
      return expectToSettle(page, client.logout())
    case 'close':
      return page.close()
    case 'reload':
      page.close()
      return world.openPage(HOME, tab.sessionStorage)
    case 'freeze':
      return tab.tell('left')
    case 'restore':
      return tab.tell('restored')
    case 'show':
      return tab.tell('visible')
    case 'stop navigation':
      return page.stopNextNavigation(action.isTold)
    case 'clear storage':
      tab.clearStorage()
      world.browser.setClockForward(A_WHILE)
      return world.invariants.forgotStorage()
    case 'remove notice':
      tab.platform.localStorage.remove(`${PREFIX}:session`)
      world.browser.setClockForward(A_WHILE)
      return world.invariants.forgotStorage()
    case 'dispose':
      return page.replaceClient()
  }
}

async function perform(world: World, action: Action): Promise<void> {
  if (!('page' in action)) return performInWorld(world, action)
  const page = world.pages[action.page % world.pages.length]
  if (page) await performOnPage(world, page, action)
}

/** The network is there again, and everything that is on its way arrives; no page is looked at. */
async function letEverythingArrive(world: World): Promise<void> {
  world.network.setOnline(true)
  world.network.spoil([])
  for (let round = 0; round < 3; round += 1) {
    await world.letArrive(EVERYTHING)
    await world.wait(40_000)
  }
}

/** Time passes, and the user looks at every page. */
async function lookAround(world: World): Promise<void> {
  for (const { tab } of world.pages) tab.tell('restored')
  await world.rest()
  for (let round = 0; round < 3; round += 1) {
    await world.letArrive(EVERYTHING)
    await world.wait(40_000)
    for (const { tab } of world.pages) {
      tab.tell('visible')
      await world.rest()
      await world.letArrive(EVERYTHING)
    }
  }
}

/**
 * Lives through a day that begins with alice signed in and two tabs.
 *
 * @throws when an invariant is broken: with the day's diary, and the invariant as its cause
 */
export async function live(steps: readonly Step[], options: WorldOptions): Promise<Report> {
  const world = createWorld(options)
  const { agent, invariants, network } = world
  try {
    network.setCookies(agent.grant('alice'))
    world.openPage(HOME)
    world.openPage(HOME)
    for (const { action, arrivals } of steps) {
      world.log('->', action, arrivals)
      await perform(world, action)
      await world.rest()
      await world.letArrive(arrivals)
      invariants.check()
    }
    await letEverythingArrive(world)
    invariants.checkTold(world.pages)
    await lookAround(world)
    invariants.checkAtRest(world.pages)
  } catch (error) {
    throw new Error(world.diary(), { cause: error })
  }
  return { losses: agent.losses(), lateLosses: agent.lateLosses(), ...invariants.counts() }
}
