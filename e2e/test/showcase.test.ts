// What the example shows off: a live feed, an upload, a fresh sign-in, and a warning before the end.
import { createHash } from 'node:crypto'
import { afterAll, beforeAll, test } from 'vitest'
import { refuseOldSignIn } from '../src/api-answers.ts'
import { eventually } from '../src/eventually.ts'
import type { Visitor } from '../src/world.ts'
import { startWorld } from '../src/world.ts'
import type { World } from '../src/world.ts'

let world: World
let visitor: Visitor

beforeAll(async () => {
  world = await startWorld({
    // Short enough for the warning before its end to come at once.
    configure: (configuration) => ({ ...configuration, session: { lifetime: 100 } }),
  })
  visitor = await world.newVisitor()
  await visitor.open('/orders')
  await visitor.signIn('alice')
})
afterAll(() => world.stop())

test('a session that will end soon is announced, with the way to a new one', async () => {
  await visitor.page.getByText(/^Your session ends at \d\d:\d\d\./).waitFor()
  await visitor.page.getByRole('button', { name: 'Sign in again' }).waitFor()
})

test('an order that is placed in one tab appears in the other by itself', async () => {
  const { page, context } = visitor
  const other = await context.newPage()
  await other.goto(`${world.stack.urls.spa}/orders`)
  await other.getByText('Live: orders from other tabs').waitFor()

  await page.bringToFront()
  await page.getByLabel('Coffee').selectOption('Drift Ice')
  await page.getByLabel('Bags').fill('42')
  await page.getByRole('button', { name: 'Place order' }).click()
  await other.getByText(/^42 bags, ordered on/).waitFor()
  await other.close()
})

test('an upload arrives whole, also when the access token has expired before', async () => {
  const { page } = visitor
  const buffer = Buffer.alloc(2_000_000, 'label')
  await page.getByRole('link', { name: 'Label' }).click()
  await world.stack.controls.expireAccessTokens()
  await page
    .getByLabel('Artwork')
    .setInputFiles({ name: 'label.png', mimeType: 'image/png', buffer })
  await page.getByText(createHash('sha256').update(buffer).digest('hex')).waitFor()
})

test('what needs a fresh sign-in asks for one, and then works', async () => {
  const { page } = visitor
  await page.goto(`${world.stack.urls.spa}/orders/1002`)
  await refuseOldSignIn(world, page)
  await page.getByRole('button', { name: 'Cancel this order' }).click()
  await page.getByRole('button', { name: 'Confirm that it is me' }).click()

  await page.getByLabel('Username').fill('alice')
  await page.getByLabel('Password').fill('token-handler')
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.waitForURL(`${world.stack.urls.spa}/orders/1002`)
  await page.unrouteAll()
  await page.getByRole('button', { name: 'Cancel this order' }).click()
  await page.getByRole('list', { name: 'Orders' }).waitFor()
  await eventually(() => page.locator('a[href="/orders/1002"]').count()).toBe(0)
})
