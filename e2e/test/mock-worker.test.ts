// The example app in a real Chromium with no server but the mock agent, which msw's service worker asks.
import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { launchBrowser } from '../src/browser.ts'
import { startMockWorkerSite } from '../src/mock-worker-site.ts'
import type { MockWorkerSite } from '../src/mock-worker-site.ts'

let site: MockWorkerSite
let browser: Browser

beforeAll(async () => {
  site = await startMockWorkerSite()
  browser = await launchBrowser()
})

afterEach(async () => {
  for (const context of browser.contexts()) await context.close()
})
afterAll(async () => {
  await browser.close()
  await site.stop()
})

/** Opens a page of the app in a new browser profile. */
async function open(path: string): Promise<Page> {
  const context = await browser.newContext()
  const page = await context.newPage()
  await page.goto(site.url + path)
  return page
}

/** Opens the orders of Alice, who has signed in on the mock's page. */
async function openOrders(): Promise<Page> {
  const page = await open('/orders')
  await page.getByRole('main').getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('link', { name: 'Alice Andersson (alice)' }).click()
  await page.getByRole('link', { name: 'First Light' }).waitFor()
  return page
}

const heading = (page: Page, name: string): Promise<void> =>
  page.getByRole('heading', { name }).waitFor()

test('a visitor is asked to sign in', async () => {
  await heading(await open('/orders'), 'Sign in to see this page')
})

test('a user signs in on the mock’s page, finds her orders, and signs out', async () => {
  const page = await openOrders()
  expect(new URL(page.url()).pathname).toBe('/orders')
  expect(new URL(page.url()).search).toBe('')
  await page.reload()
  await page.getByRole('link', { name: 'First Light' }).waitFor()
  await page.getByRole('button', { name: 'Sign out' }).click()
  await page.waitForURL(`${site.url}/`)
  await page.getByRole('button', { name: 'Sign in to order' }).waitFor()
})

test('the mock’s page can be used with the keyboard, and a change of mind is no failure', async () => {
  const page = await open('/orders')
  await page.getByRole('main').getByRole('button', { name: 'Sign in' }).click()
  await heading(page, 'Who signs in?')
  for (let link = 0; link < 3; link += 1) await page.keyboard.press('Tab')
  await page.keyboard.press('Enter')
  await heading(page, 'You are not signed in yet')
})

test('an expired access token is refreshed without anybody noticing', async () => {
  const page = await openOrders()
  await page.evaluate(() => window.mock.agent.expireAccessToken())
  await page.getByLabel('Coffee').selectOption('Drift Ice')
  await page.getByRole('button', { name: 'Place order' }).click()
  await page.getByText('Thank you: 1 bag of Drift Ice.').waitFor()
  expect(await page.evaluate(() => window.mock.agent.calls('refresh').length)).toBe(1)
})

test('a refresh that fails ends nothing', async () => {
  const page = await openOrders()
  await page.evaluate(() => {
    window.mock.agent.expireAccessToken()
    window.mock.agent.failNext('refresh', 'network-error', { times: 5 })
  })
  await page.getByLabel('Coffee').selectOption('Drift Ice')
  await page.getByRole('button', { name: 'Place order' }).click()
  await page.getByText('We cannot reach the sign-in service; you can keep working.').waitFor()
})

test('a session that ended elsewhere brings the sign-in', async () => {
  const page = await openOrders()
  // Right after a sign-in it would look as if the browser had not kept the cookies.
  await page.reload()
  await page.getByRole('link', { name: 'First Light' }).waitFor()
  await page.evaluate(() => window.mock.agent.signOut())
  await page.getByLabel('Coffee').selectOption('Drift Ice')
  await page.getByRole('button', { name: 'Place order' }).click()
  await heading(page, 'Your session has ended')
})

test.each(['down', 'forbidden'] as const)('an API that is %s is said to be', async (mood) => {
  const page = await openOrders()
  await page.getByRole('link', { name: 'Grinder' }).waitFor()
  await page.evaluate((value) => void (window.mock.api.mood = value), mood)
  await page.getByRole('link', { name: 'Grinder' }).click()
  await heading(page, 'We cannot reach your orders')
})

test('while the agent takes its time the page waits', async () => {
  const page = await openOrders()
  const released = await page.evaluateHandle(() => {
    window.mock.agent.expireAccessToken()
    return window.mock.agent.hang('refresh')
  })
  await page.getByLabel('Coffee').selectOption('Drift Ice')
  await page.getByRole('button', { name: 'Place order' }).click()
  await released.evaluate((held) => held.arrived)
  expect(await page.getByText('Thank you').count()).toBe(0)
  await released.evaluate((held) => held.release())
  await page.getByText('Thank you: 1 bag of Drift Ice.').waitFor()
})
