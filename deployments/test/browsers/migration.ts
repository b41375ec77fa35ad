// A website with its own cookies, on the way to the token handler: old and new pages know the same users.
import type { Page } from 'e2e/engines/engine'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { migration } from '../../designs/migration.ts'
import { FOREIGN } from '../../src/engines.ts'
import { authenticate, showOrders, signIn, signOut } from '../../src/walk.ts'
import { OLD_COOKIE } from '../../src/website.ts'
import { startScene, walkers } from './support.ts'
import type { Scene } from './support.ts'

describe('a migration', () => {
  let scene: Scene
  beforeAll(async () => {
    scene = await startScene(migration)
  })
  afterAll(() => scene.stop())

  const urlOf = (path: string) => scene.stage.urlOf({ host: 'www', path })

  /** Follows a link on a page of another site. */
  async function comeFromElsewhere(page: Page, path: string): Promise<void> {
    const foreign = new URL('/blank', urlOf('/'))
    foreign.hostname = FOREIGN
    await page.goto(foreign.href)
    await page.evaluate((url) => void setTimeout(() => location.assign(url)), urlOf(path))
  }

  test.each(walkers.map(({ name }) => name))('%s: page by page', async (engine) => {
    const veteran = await scene.newContext(engine)
    const old = await veteran.newPage()
    await old.goto(urlOf('/old-sign-in?user=bob'))
    await old.goto(urlOf('/profile'))
    // Whoever signed in before the move keeps on using old pages; a new one asks once.
    await old.getByText('The website knows Bob').waitFor()
    await old.goto(urlOf('/new/'))
    await old.getByText('Signed out').waitFor()
    await veteran.close()

    const context = await scene.newContext(engine)
    const page = await context.newPage()
    await page.goto(urlOf('/new/'))
    await signIn(page)
    await showOrders(page)
    await page.getByRole('link', { name: 'Website' }).click()
    await page.getByText('The website knows Alice').waitFor()
    await page.getByRole('link', { name: 'Profile' }).click()
    await page.getByText('The website knows Alice').waitFor()

    // From elsewhere no cookie comes along; the page comes again by itself.
    await comeFromElsewhere(page, '/profile')
    await page.getByText('The website knows Alice').waitFor()

    await page.getByRole('link', { name: 'Shop' }).click()
    await signOut(page)
    await page.getByText('Signed out').waitFor()
    await page.goto(urlOf('/'))
    await page.getByText('Nobody is known').waitFor()

    // An old page that needs a user leads through the new sign-in, and back to itself.
    await page.goto(urlOf('/profile'))
    await page.getByRole('button', { name: 'Sign in' }).click()
    await authenticate(page)
    await page.getByText('The website knows Alice').waitFor()
    expect(await page.evaluate(() => location.pathname)).toBe('/profile')
    await context.close()
  })

  test.each(walkers.map(({ name }) => name))(
    '%s: one browser has one session, that of the token handler before the old one',
    async (engine) => {
      const context = await scene.newContext(engine)
      const page = await context.newPage()
      const names = async () => (await context.cookies(urlOf('/'))).map(({ name }) => name)
      const beBobOnceMore = () => page.goto(urlOf('/old-sign-in?user=bob'))

      // Whoever has the old session alone keeps it, also on the way from elsewhere.
      await beBobOnceMore()
      for (const path of ['/', '/profile']) {
        await comeFromElsewhere(page, path)
        await page.getByText('The website knows Bob').waitFor()
      }

      // A sign-in ends it, although no page of the website has been seen since.
      await page.goto(urlOf('/new/'))
      await signIn(page)
      await expect.poll(names).not.toContain(OLD_COOKIE)

      // With both: a link on another site brings Bob's alone, and yet the page is Alice's.
      for (const path of ['/', '/profile']) {
        await beBobOnceMore()
        expect(await names()).toContain(OLD_COOKIE)
        await comeFromElsewhere(page, path)
        await page.getByText('The website knows').waitFor()
        await page.getByText('The website knows Alice').waitFor()
        await expect.poll(names).not.toContain(OLD_COOKIE)
      }

      // Sign-out ends both.
      await beBobOnceMore()
      await page.goto(urlOf('/new/'))
      await signOut(page)
      await page.getByText('Signed out').waitFor()
      await expect.poll(names).toEqual([])
      await page.goto(urlOf('/profile'))
      await page.getByRole('button', { name: 'Sign in' }).waitFor()
      await comeFromElsewhere(page, '/profile')
      await page.getByRole('button', { name: 'Sign in' }).waitFor()
      await context.close()
    },
  )
})
