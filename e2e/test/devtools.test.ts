// The devtools in a real browser: under a strict policy, shut off from the app, and usable by everybody.
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { findAccessibilityViolations } from '../src/axe.ts'
import { launchBrowser } from '../src/browser.ts'
import { startDevtoolsSite } from '../src/devtools-site.ts'
import type { DevtoolsSite } from '../src/devtools-site.ts'
import { watchPolicyViolations } from '../src/policy-violations.ts'

let site: DevtoolsSite
let browser: Browser
let context: BrowserContext
let page: Page
let violations: readonly string[]

beforeAll(async () => {
  site = await startDevtoolsSite()
  browser = await launchBrowser()
})
afterAll(async () => {
  await browser.close()
  await site.stop()
})
beforeEach(async () => {
  context = await browser.newContext()
  violations = await watchPolicyViolations(context)
  page = await context.newPage()
  await page.goto(site.url)
  await page.getByRole('button', { name: 'Session devtools' }).click()
  await page.getByRole('table').waitFor()
  return () => context.close()
})

const row = (text: string) => page.getByRole('row').filter({ hasText: text })

test('a refresh reads as a story, and no rule of a strict policy is broken', async () => {
  await row('session: authenticated').waitFor()
  site.expireAccessToken()
  await page.getByRole('button', { name: 'Load orders' }).click()
  await row('GET /api/orders, sent again').waitFor()
  await row('401: the access token was not accepted').waitFor()
  await row('access token refreshed').waitFor()
  expect(violations).toEqual([])
})

test('what another tab does is in a lane of its own, with what the tabs tell each other', async () => {
  const other = await context.newPage()
  await other.goto(site.url)
  await page.getByRole('columnheader', { name: 'Tab 2' }).waitFor()
  site.expireAccessToken()
  await other.getByRole('button', { name: 'Load orders' }).click()
  await row('hears Tab 2: the access token is new').waitFor()
})

test('neither a claim nor a query is shown, until the claims are asked for', async () => {
  await page.getByRole('button', { name: 'Load orders' }).click()
  await row('GET /api/orders').waitFor()
  const panel = page.locator('aside')
  const text = await panel.innerText()
  expect(text).not.toContain('Alice')
  expect(text).not.toContain('secret')
  await page.getByRole('button', { name: 'Show the claims' }).click()
  expect(await panel.innerText()).toContain('Alice Andersson')
})

test('styles of the app do not get in, and none gets out', async () => {
  const fontSize = (name: string): Promise<string> =>
    page.getByRole('button', { name }).evaluate((element) => getComputedStyle(element).fontSize)
  expect(await fontSize('Clear')).toBe('13px')
  expect(await fontSize('Load orders')).toBe('40px')
  expect(await page.evaluate(() => document.styleSheets.length)).toBe(1)
})

test.each(['light', 'dark'] as const)('the open panel is accessible, %s', async (colorScheme) => {
  for (const width of [1280, 360]) {
    await page.emulateMedia({ colorScheme })
    await page.setViewportSize({ width, height: 800 })
    await page.getByRole('button', { name: 'Load orders' }).click()
    await row('GET /api/orders').first().waitFor()
    // The app of this test is ugly on purpose; what counts is the panel.
    const found = await findAccessibilityViolations(page, 'token-handler-devtools')
    expect(found, `${width} px wide`).toEqual([])
  }
})

test('the panel is opened, read and closed by keyboard', async () => {
  await page.reload()
  await page.getByRole('button', { name: 'Load orders' }).focus()
  await page.keyboard.press('Tab')
  await page.keyboard.press('Enter')
  await page.getByRole('table').waitFor()
  const focused = (): Promise<string | null | undefined> =>
    page.evaluate(() => {
      const inside = document.activeElement?.shadowRoot?.activeElement
      return inside?.getAttribute('aria-label') ?? inside?.textContent
    })
  await page.keyboard.press('Tab')
  expect(await focused()).toBe('Clear')
  await page.keyboard.press('Tab')
  expect(await focused()).toBe('Steps')
  await page.keyboard.press('Escape')
  expect(await page.getByRole('table').count()).toBe(0)
  expect(await focused()).toBe('Session devtools')
})

test('the button is dragged to another corner, and the panel opens there, also after a reload', async () => {
  await page.getByRole('button', { name: 'Close devtools' }).click()
  const opener = page.getByRole('button', { name: 'Session devtools' })
  const place = async () => {
    const { x = NaN, y = NaN } = (await opener.boundingBox()) ?? {}
    return `${y < 100 ? 'top' : 'bottom'} ${x < 100 ? 'left' : 'right'}`
  }
  expect(await place()).toBe('bottom right')
  await opener.hover()
  await page.mouse.down()
  await page.mouse.move(200, 150, { steps: 5 })
  await page.mouse.up()
  expect(await place()).toBe('top left')
  expect(await page.getByRole('table').count()).toBe(0)
  await page.reload()
  await opener.waitFor()
  expect(await place()).toBe('top left')
  await opener.click()
  const panel = await page.locator('.panel').boundingBox()
  expect(panel?.y).toBeLessThan(100)
  expect(violations).toEqual([])
})
