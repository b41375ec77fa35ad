// A website with its own cookies, on the way to the token handler: old and new pages know the same users.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { migration } from '../../designs/migration.ts'
import { FOREIGN } from '../../src/engines.ts'
import { authenticate, showOrders, signIn, signOut } from '../../src/walk.ts'
import { startScene, walkers } from './support.ts'
import type { Scene } from './support.ts'

describe('a migration', () => {
  let scene: Scene
  beforeAll(async () => {
    scene = await startScene(migration)
  })
  afterAll(() => scene.stop())

  const urlOf = (path: string) => scene.stage.urlOf({ host: 'www', path })

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
    const foreign = new URL('/blank', urlOf('/'))
    foreign.hostname = FOREIGN
    await page.goto(foreign.href)
    await page.evaluate((url) => void setTimeout(() => location.assign(url)), urlOf('/profile'))
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
})
