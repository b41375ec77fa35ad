// Two users in two browsers on one mock with real cookies, over Playwright's routes: no server at all.
import { createMockAgent } from '@token-handler/mock-agent'
import { mockRoute } from '@token-handler/mock-agent/playwright'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { launchBrowser } from '../src/browser.ts'
import { appDocument, bundleApp } from '../src/bundle-app.ts'

const origin = 'https://www.example.com'
const agentUrl = 'https://api.example.com/oauth-agent'
const apiUrl = 'https://api.example.com/api'

const agent = createMockAgent({
  agentUrl,
  origin,
  redirectUri: '/callback',
  cookies: 'real',
  users: {
    alice: { claims: { sub: 'alice', name: 'Alice Andersson' } },
    bob: { claims: { sub: 'bob', name: 'Bob Bergström' } },
  },
})
agent.protect(`${apiUrl}/orders`, ({ claims }) =>
  Response.json({
    orders: [
      { id: '1', product: `Beans for ${claims.name}`, quantity: 1, orderedAt: '2026-01-01' },
    ],
  }),
)

let browser: Browser
let app: string

beforeAll(async () => {
  app = await bundleApp({ agentUrl, apiUrl })
  browser = await launchBrowser()
})
afterEach(async () => {
  agent.expectNoUnexpectedCalls()
  agent.reset()
  for (const context of browser.contexts()) await context.close()
})
afterAll(() => browser.close())

/** A new browser profile that knows the app and the mock, and no network. */
async function newContext(): Promise<BrowserContext> {
  const context = await browser.newContext()
  await context.route('**', (route) => route.abort())
  await context.route(`${origin}/**`, (route) =>
    route.fulfill({ contentType: 'text/html', body: appDocument }),
  )
  await context.route(`${origin}/app.js`, (route) =>
    route.fulfill({ contentType: 'text/javascript', body: app }),
  )
  await mockRoute(context, agent)
  return context
}

async function openOrders(context: BrowserContext): Promise<Page> {
  const page = await context.newPage()
  await page.goto(`${origin}/orders`)
  return page
}

test('a user signs in on the mock’s page, and the browser keeps the cookies from scripts', async () => {
  const context = await newContext()
  const page = await openOrders(context)
  await page.getByRole('main').getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('link', { name: 'Bob Bergström (bob)' }).click()
  await page.getByText('Beans for Bob Bergström').waitFor()
  const cookies = await context.cookies(agentUrl)
  expect(cookies.map(({ name }) => name).sort()).toEqual([
    '__Host-Http-th-at',
    '__Host-Http-th-session',
  ])
  for (const cookie of cookies) {
    expect(cookie).toMatchObject({ httpOnly: true, secure: true, sameSite: 'Strict', path: '/' })
  }
  await page.getByRole('button', { name: 'Sign out' }).click()
  await page.waitForURL(`${origin}/`)
  expect(await context.cookies(agentUrl)).toEqual([])
})

test('two users are signed in at once, and one signs out', async () => {
  const [first, second] = [await newContext(), await newContext()]
  await first.addCookies(agent.sessionCookies('alice'))
  await second.addCookies(agent.sessionCookies('bob'))
  const [alice, bob] = [await openOrders(first), await openOrders(second)]
  await alice.getByText('Beans for Alice Andersson').waitFor()
  await bob.getByText('Beans for Bob Bergström').waitFor()
  await alice.getByRole('button', { name: 'Sign out' }).click()
  await alice.waitForURL(`${origin}/`)
  await bob.reload()
  await bob.getByText('Beans for Bob Bergström').waitFor()
})

test('an expired access token is refreshed, and both cookies are new', async () => {
  const context = await newContext()
  const before = agent.sessionCookies('alice')
  await context.addCookies(before)
  agent.expireAccessToken()
  const page = await openOrders(context)
  await page.getByText('Beans for Alice Andersson').waitFor()
  expect(agent.calls('refresh')).toHaveLength(1)
  const after = (await context.cookies(agentUrl)).map(({ value }) => value)
  expect(before.some(({ value }) => after.includes(value))).toBe(false)
})
