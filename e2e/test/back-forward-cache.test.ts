// The browser's "back" after a sign-out, with the back/forward cache on.
import { afterAll, beforeAll, expect } from 'vitest'
import { findBrowser } from '../src/browser.ts'
import { startWorld } from '../src/engine-world.ts'
import type { World } from '../src/engine-world.ts'
import { limitOf, test } from '../src/engines/index.ts'
import { eventually } from '../src/eventually.ts'

let world: World
beforeAll(async () => {
  world = await startWorld()
})
afterAll(() => world.stop())

/** Why the page is loaded anew instead of being kept, if it is. */
async function findReason(): Promise<string | undefined> {
  const limit = limitOf('back-forward-cache')
  if (limit !== undefined) return limit
  const { hasBackForwardCache } = await findBrowser()
  return hasBackForwardCache ? undefined : 'This Chromium has no back/forward cache.'
}

test('"back" after a sign-out shows nothing protected', async ({ annotate }) => {
  const { page, open, signIn, signOut } = await world.newVisitor()
  await open('/orders')
  await signIn('alice')
  await page.getByRole('list', { name: 'Orders' }).waitFor()
  await page.evaluate(() => {
    // The cache keeps a page as it was left. Looked at twice: WebKit computes no style for a page that leaves, and
    // Chromium calls this listener of `pageshow` after the app's own, which may have uncovered the page.
    const looks: string[] = []
    const look = () => void looks.push(getComputedStyle(document.body).visibility)
    window.addEventListener('pagehide', look)
    const note = ({ persisted }: PageTransitionEvent) => {
      look()
      const covered = looks.includes('hidden') ? 'covered' : 'uncovered'
      document.documentElement.dataset['restored'] = `${persisted} ${covered}`
    }
    window.addEventListener('pageshow', note, { capture: true })
  })
  await signOut()

  // Over the authorization server's page, straight to the list that was on the screen.
  // Later, because the call itself does not survive the page.
  await page.evaluate(() => void setTimeout(() => history.go(-2)))
  await eventually(() => page.evaluate(() => location.pathname).catch(() => '')).toBe('/orders')
  const reason = await findReason()
  if (reason === undefined) {
    const readRestored = () => page.evaluate(() => document.documentElement.dataset['restored'])
    await eventually(readRestored).toBe('true covered')
  } else await annotate(reason)

  await page.getByRole('heading', { name: 'Sign in to see this page' }).waitFor()
  expect(await page.getByRole('list', { name: 'Orders' }).count()).toBe(0)
  expect(await page.getByText('Alice').count()).toBe(0)
})
