// Tabs that are closed while their request is under way: the request lives on, and its cookies are kept.
import { afterAll, beforeAll, expect } from 'vitest'
import { startWorld } from '../src/engine-world.ts'
import type { Visitor, World } from '../src/engine-world.ts'
import { test } from '../src/engines/index.ts'
import { eventually } from '../src/eventually.ts'
import { openSdkPage } from '../src/sdk-page.ts'

let world: World
beforeAll(async () => {
  // A second use of a refresh token would end the session, and so show that cookies were lost.
  world = await startWorld({ refreshTokenRotation: true })
})
afterAll(() => world.stop())

const count = (operation: string) =>
  world.stack.agentCalls().filter((call) => call.operation === operation).length

/** The names of the cookies that the agent's host gets. */
const cookieNames = async ({ context }: Visitor): Promise<string[]> => {
  const cookies = await context.cookies(world.stack.urls.handler)
  return cookies.map(({ name }) => name).toSorted()
}

const valueOf = async ({ context }: Visitor, name: string): Promise<string | undefined> => {
  const cookies = await context.cookies(world.stack.urls.handler)
  return cookies.find((cookie) => cookie.name === name)?.value
}

test('a refresh whose tab is closed before the answer leaves the session in the next tab alive', async () => {
  const visitor = await world.newVisitor()
  await visitor.open('/orders')
  await visitor.signIn('alice')
  const page = await openSdkPage(world, visitor)
  const other = await openSdkPage(world, visitor)
  await visitor.page.close()
  const url = `${world.stack.urls.api}/orders`
  const before = await valueOf(visitor, '__Host-Http-th-session')

  await world.stack.controls.expireAccessTokens()
  const hold = world.fronts.handler.hold('/oauth-agent/refresh')
  await page.evaluate((orders) => void window.tokenHandler.fetch(orders).catch(() => {}), url)
  await hold.held
  await page.close()
  hold.release()

  await eventually(async () => (await valueOf(visitor, '__Host-Http-th-session')) === before).toBe(
    false,
  )
  const status = await other.evaluate(
    async (orders) => (await window.tokenHandler.fetch(orders)).status,
    url,
  )
  expect(status).toBe(200)
  expect(count('refresh')).toBe(1)
  await visitor.context.close()
})

test('the end of a sign-in whose tab is closed before the answer signs the user in all the same', async () => {
  const visitor = await world.newVisitor()
  // So that the browser has a tab left.
  const other = await visitor.context.newPage()
  await visitor.open('/orders')
  await visitor.page
    .getByRole('main')
    .getByRole('button', { name: /^Sign in/ })
    .click()
  const hold = world.fronts.handler.hold('/oauth-agent/login/end')
  await visitor.authenticate('alice')
  await hold.held
  await visitor.page.close()
  hold.release()

  const expected = ['__Host-Http-th-at', '__Host-Http-th-session']
  await eventually(() => cookieNames(visitor)).toEqual(expected)
  await other.goto(`${world.stack.urls.spa}/orders`)
  await other.getByRole('list', { name: 'Orders' }).waitFor()
  await visitor.context.close()
})
