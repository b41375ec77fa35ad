// A page that a server renders in a stream, and a real browser that takes over without a word.
import type { Session } from '@token-handler/react'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { launchBrowser } from '../src/browser.ts'
import { startSsrServer } from '../src/ssr/server.tsx'
import type { SsrServer } from '../src/ssr/server.tsx'

let server: SsrServer
let browser: Browser
let page: Page
let complaints: string[]

beforeAll(async () => {
  server = await startSsrServer()
  browser = await launchBrowser()
})
afterAll(async () => {
  await browser.close()
  await server.stop()
})
beforeEach(async () => {
  page = await browser.newPage()
  complaints = []
  page.on('console', (message) => {
    if (['warning', 'error'].includes(message.type())) complaints.push(message.text())
  })
  page.on('pageerror', (error) => complaints.push(String(error)))
  // A page's icon is not what these tests are about.
  await page.route('**/favicon.ico', (route) => route.fulfill({ status: 204 }))
})

const aliceOfTheServer: Session = {
  status: 'authenticated',
  claims: { sub: 'alice', name: 'Alice of the server' },
  stale: false,
}
const shown = (): Promise<readonly string[]> => page.evaluate(() => window.shown)
const text = (selector: string): Promise<string> => page.locator(selector).innerText()

test('without a session from the server the page loads, hydrates silently, and then knows', async () => {
  await page.goto(server.urlOf({ loadFirst: false }), { waitUntil: 'commit' })
  await page.getByText('welcome').waitFor()
  // The session was known before the last part of the page had arrived.
  expect(await text('#news')).toBe('…')
  server.releaseNews()
  await page.getByText('news for Hello Alice').waitFor()
  expect(await shown()).toEqual(['loading', 'Hello Alice'])
  expect(complaints).toEqual([])
})

test('the session from the server is in the HTML and stays until the browser knows', async () => {
  const response = page.waitForResponse((answer) => answer.url().includes('scenario'))
  const scenario = { initialSession: aliceOfTheServer, withAccount: true, loadFirst: false }
  await page.goto(server.urlOf(scenario), { waitUntil: 'commit' })
  await page.locator('header').getByText('Hello Alice', { exact: true }).waitFor()
  server.releaseNews()
  await page.getByText('news for Hello Alice').waitFor()
  expect(await (await response).text()).toContain('<header>Hello Alice of the server</header>')
  expect(await shown()).toEqual(['Hello Alice of the server', 'Hello Alice'])
  expect(await text('#account')).toBe('Hello Alice')
  expect(complaints).toEqual([])
})

test('a browser that knows the session before it hydrates says nothing either', async () => {
  await page.goto(server.urlOf({ loadFirst: true }), { waitUntil: 'commit' })
  await page.getByText('welcome').waitFor()
  server.releaseNews()
  await page.getByText('news for Hello Alice').waitFor()
  expect(await shown()).toEqual(['loading', 'Hello Alice'])
  expect(complaints).toEqual([])
})

test('on the server nobody was asked, and no client has learnt anything', () => {
  expect(server.statuses).toEqual(['loading', 'loading', 'loading'])
  expect(server.errors).toEqual([])
})

test('without a session from the server, what waits for one is left to the browser, and reported', async () => {
  const response = page.waitForResponse((answer) => answer.url().includes('scenario'))
  await page.goto(server.urlOf({ withAccount: true, loadFirst: false }), { waitUntil: 'commit' })
  server.releaseNews()
  await page.locator('#account').getByText('Hello Alice').waitFor()
  expect(await (await response).text()).toContain('<p id="account">…</p>')
  expect(server.errors.map(String)).toEqual([expect.stringContaining('initialSession')])
  expect(complaints).toEqual([expect.stringContaining('initialSession')])
})
