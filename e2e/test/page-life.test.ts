// Pages that leave in the middle of a request to the agent, and come back, out of the back/forward cache if they were kept.
import { afterAll, beforeAll, expect } from 'vitest'
import { findBrowser } from '../src/browser.ts'
import { startWorld } from '../src/engine-world.ts'
import type { Visitor, World } from '../src/engine-world.ts'
import { engine, limitOf, test } from '../src/engines/index.ts'
import { eventually } from '../src/eventually.ts'
import { blankPath } from '../src/front.ts'
import { openSdkPage } from '../src/sdk-page.ts'

let world: World
beforeAll(async () => {
  // A second use of a refresh token would end the session, and so show that an answer was lost.
  world = await startWorld({ refreshTokenRotation: true })
})
afterAll(() => world.stop())

const count = (operation: string) =>
  world.stack.agentCalls().filter((call) => call.operation === operation).length

/** Whether the engine puts a page that waits for an answer, under a lock, into the back/forward cache. */
async function keepsPages(): Promise<boolean> {
  if (limitOf('page-life') !== undefined) return false
  return engine.name !== 'Chromium' || (await findBrowser()).hasBackForwardCache
}

/** Leaves a page for one with nothing on it, on the same origin, and comes back after a while of the caller's. */
async function leave(page: Visitor['page']): Promise<{ readonly comeBack: () => Promise<void> }> {
  await page.goto(world.stack.urls.spa + blankPath)
  return {
    async comeBack() {
      // Playwright has no command that resolves for a kept page: there the page goes by itself, after the call.
      await (page.traverseBack?.() ?? page.evaluate(() => void setTimeout(() => history.back())))
      // Between the two there may be an empty document, or none.
      const isThere = () =>
        location.protocol !== 'about:' &&
        location.pathname !== '/blank' &&
        document.documentElement !== null &&
        document.readyState === 'complete'
      await eventually(() => page.evaluate(isThere).catch(() => false)).toBe(true)
    },
  }
}

test.each(['before it comes back', 'after it has come back'])(
  'a page that leaves in mid-refresh, answered %s, goes on with its session',
  async (when) => {
    const visitor = await world.newVisitor()
    await visitor.open('/orders')
    await visitor.signIn('alice')
    const page = await openSdkPage(world, visitor)
    const url = `${world.stack.urls.api}/orders`
    await world.stack.controls.expireAccessTokens()
    const hold = world.fronts.handler.hold('/oauth-agent/refresh')
    await page.evaluate((orders) => {
      document.documentElement.dataset['left'] = ''
      const note = (result: string) => void (document.documentElement.dataset['result'] = result)
      window.tokenHandler.fetch(orders).then(
        ({ status }) => note(String(status)),
        (error: unknown) => note(String(error)),
      )
    }, url)
    await hold.held
    const { comeBack } = await leave(page)
    if (when === 'before it comes back') hold.release()
    await comeBack()
    hold.release()

    // Where the page was kept, what it had asked for is answered. Where it was not, it knows nothing of that.
    const isKept = await page.evaluate(() => 'left' in document.documentElement.dataset)
    expect(isKept).toBe(await keepsPages())
    if (isKept) {
      const readResult = () => page.evaluate(() => document.documentElement.dataset['result'])
      // WebKit may never tell what became of the first request: then the client's own time-out of 15 seconds does.
      await expect.poll(readResult, { timeout: 40_000 }).toBe('200')
    }
    const status = await page.evaluate(
      async (orders) => (await window.tokenHandler.fetch(orders)).status,
      url,
    )
    expect(status).toBe(200)
    expect(await page.evaluate(async () => (await window.tokenHandler.load()).session.status)).toBe(
      'authenticated',
    )
    await visitor.context.close()
  },
)

test('a page that leaves while its sign-in ends, and comes back, is signed in, by one code', async () => {
  const visitor = await world.newVisitor()
  const { page } = visitor
  await visitor.open('/orders')
  await page
    .getByRole('main')
    .getByRole('button', { name: /^Sign in/ })
    .click()
  const before = count('endLogin')
  const hold = world.fronts.handler.hold('/oauth-agent/login/end')
  await visitor.authenticate('alice')
  await hold.held
  const { comeBack } = await leave(page)
  hold.release()
  await comeBack()

  await page.getByRole('list', { name: 'Orders' }).waitFor()
  expect(count('endLogin') - before).toBe(1)
  await visitor.context.close()
})
