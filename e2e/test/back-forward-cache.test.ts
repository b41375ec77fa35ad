// The browser's "back" after a sign-out, with the back/forward cache on.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { findBrowser } from '../src/browser.ts'
import { eventually } from '../src/eventually.ts'
import { startWorld } from '../src/world.ts'
import type { World } from '../src/world.ts'

let world: World
beforeAll(async () => {
  world = await startWorld()
})
afterAll(() => world.stop())

test('"back" after a sign-out shows nothing protected', async ({ annotate }) => {
  const { page, open, signIn, signOut } = await world.newVisitor()
  await page.addInitScript(() => {
    window.addEventListener('pageshow', ({ persisted }) => {
      if (!persisted) return
      const { visibility } = getComputedStyle(document.body)
      document.documentElement.dataset['restored'] = visibility
    })
  })
  await open('/orders')
  await signIn('alice')
  await page.getByRole('list', { name: 'Orders' }).waitFor()
  await signOut()

  // Over the authorization server's page, straight to the list that was on the screen.
  // Later, because the call itself does not survive the page.
  await page.evaluate(() => void setTimeout(() => history.go(-2)))
  await eventually(() => page.evaluate(() => location.pathname).catch(() => '')).toBe('/orders')
  const readRestored = () => page.evaluate(() => document.documentElement.dataset['restored'])
  if ((await findBrowser()).hasBackForwardCache) await eventually(readRestored).toBe('hidden')
  else await annotate('This Chromium has no back/forward cache: the page was loaded anew.')

  await page.getByRole('heading', { name: 'Sign in to see this page' }).waitFor()
  expect(await page.getByRole('list', { name: 'Orders' }).count()).toBe(0)
  expect(await page.getByText('Alice').count()).toBe(0)
})
