// Apps that share a session: on two origins of one site, and at two paths of one origin.
import type { Context, Page } from 'e2e/engines/engine'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { microFrontends } from '../../designs/micro-frontends.ts'
import { twoPaths } from '../../designs/two-paths.ts'
import { authenticate, showOrders, signIn, signOut } from '../../src/walk.ts'
import { startScene, walkers } from './support.ts'
import type { Scene } from './support.ts'

const engines = walkers.map(({ name }) => name)

async function open(context: Context, url: string): Promise<Page> {
  const page = await context.newPage()
  await page.goto(url)
  return page
}

/** So many calls of the API at once; their statuses, or the codes of their errors. */
const callApi = (page: Page, url: string, times: number): Promise<unknown[]> =>
  page.evaluate(
    ([target, length]) =>
      Promise.all(
        Array.from({ length }, () =>
          window.tokenHandler.fetch(target).then(
            ({ status }) => status,
            (error: { code?: string }) => error.code,
          ),
        ),
      ),
    [url, times] as const,
  )

const statusIn = (page: Page): Promise<string> =>
  page.evaluate(() => window.tokenHandler.getSnapshot().status)

describe('micro-frontends on two origins', () => {
  let scene: Scene
  const urlOf = (host: string) => scene.stage.urlOf({ host, path: '/' })

  beforeAll(async () => {
    scene = await startScene(microFrontends)
  })
  afterAll(() => scene.stop())

  test.each(engines)('%s: one sign-in, one refresh, one sign-out for both', async (engine) => {
    const { stage } = scene
    const context = await scene.newContext(engine)
    // The other one has been here before, and found nobody.
    const early = await open(context, urlOf('account'))
    await early.getByText('Signed out').waitFor()
    await early.close()

    const shop = await open(context, urlOf('shop'))
    await signIn(shop)
    const account = await open(context, urlOf('account'))
    await account.getByText('Signed in as Alice').waitFor()

    const orders = `${stage.urlOf({ host: 'api', path: '/api' })}/orders`
    await stage.expireAccessTokens()
    const before = stage.refreshes()
    const statuses = await Promise.all([callApi(shop, orders, 100), callApi(account, orders, 100)])
    expect(statuses.flat()).toEqual(Array.from({ length: 200 }, () => 200))
    expect(stage.refreshes() - before).toBe(1)

    // It goes on with the refresh token that both were given.
    await stage.expireAccessTokens()
    expect(await callApi(account, orders, 1)).toEqual([200])
    expect(await callApi(shop, orders, 1)).toEqual([200])
    expect(stage.refreshes() - before).toBe(2)

    await signOut(shop)
    await shop.getByText('Signed out').waitFor()
    await expect.poll(() => statusIn(account)).toBe('unauthenticated')
    await account.getByText('Signed out').waitFor()
    await context.close()
  })
})

describe('two apps at two paths of one origin', () => {
  let scene: Scene
  const urlOf = (path: string) => scene.stage.urlOf({ host: 'www', path })

  beforeAll(async () => {
    scene = await startScene(twoPaths)
  })
  afterAll(() => scene.stop())

  test.each(engines)('%s: a link leads from one to the other, signed in', async (engine) => {
    const context = await scene.newContext(engine)
    const page = await open(context, urlOf('/'))
    await signIn(page)
    await page.getByRole('link', { name: 'Account' }).click()
    await page.getByRole('heading', { name: 'Account' }).waitFor()
    await page.getByText('Signed in as Alice').waitFor()
    await showOrders(page)
    await page.getByRole('link', { name: 'Shop' }).click()
    await page.getByRole('heading', { name: 'Shop' }).waitFor()
    await page.getByText('Signed in as Alice').waitFor()

    const other = await open(context, urlOf('/account/'))
    await other.getByText('Signed in as Alice').waitFor()
    await signOut(page)
    await page.getByText('Signed out').waitFor()
    await other.getByText('Signed out').waitFor()
    await context.close()
  })

  test.each(engines)('%s: a sign-in that began in the second app ends there', async (engine) => {
    const context = await scene.newContext(engine)
    const page = await open(context, urlOf('/account/'))
    await page.getByRole('button', { name: 'Sign in' }).click()
    await authenticate(page)
    await page.getByRole('heading', { name: 'Account' }).waitFor()
    await page.getByText('Signed in as Alice').waitFor()
    await context.close()
  })
})
