// The script in the page's head that asks for the session early, as the example is built: before the app's own script
// has arrived, at most once, and for nobody who is a visitor.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { watchPolicyViolations } from '../src/policy-violations.ts'
import { startWorld } from '../src/world.ts'
import type { Visitor, World } from '../src/world.ts'

let world: World

beforeAll(async () => {
  world = await startWorld({ consent: false })
})
afterAll(() => world.stop())

/** Requests to the agent so far, preflights excepted. */
const agentRequests = (): readonly string[] =>
  world.fronts.handler
    .exchanges()
    .filter(({ method, url }) => method !== 'OPTIONS' && url.startsWith(world.stack.urls.agent))
    .map(({ method, url }) => `${method} ${url.slice(world.stack.urls.agent.length)}`)

const isSession = (url: string): boolean => url === `${world.stack.urls.agent}/session`

/** Keeps the app's scripts back, and lets no cache bring them. */
async function holdScripts({ page }: Visitor): Promise<() => void> {
  const { promise: released, resolve: release } = Promise.withResolvers<void>()
  await page.route('**/assets/*.js', async (route) => {
    await released
    await route.continue()
  })
  return release
}

async function signIn({ page, open }: Visitor): Promise<void> {
  await open('/orders')
  await page.getByRole('main').getByRole('button', { name: 'Sign in' }).click()
  await page.getByLabel('Username').fill('alice')
  await page.getByLabel('Password').fill('token-handler')
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByText('Live: orders from other tabs').waitFor()
}

test('a signed-in user’s page has its session before the app’s script, by its only request', async () => {
  const visitor = await world.newVisitor()
  const { page } = visitor
  const violations = await watchPolicyViolations(visitor.context)
  await signIn(visitor)
  const before = agentRequests().length
  const release = await holdScripts(visitor)
  const answered = page.waitForResponse((response) => isSession(response.url()))
  await page.reload({ waitUntil: 'commit' })
  // Before any script of the app has arrived: those are held until then.
  expect((await answered).status()).toBe(200)
  release()
  await page.getByText('Live: orders from other tabs').waitFor()
  expect(agentRequests().slice(before)).toEqual(['GET /session'])
  expect(violations).toEqual([])
})

test('a visitor causes one request, on the first visit, and none after it', async () => {
  const visitor = await world.newVisitor()
  const { page } = visitor
  const before = agentRequests().length
  await visitor.open('/orders')
  const offer = page.getByRole('main').getByRole('button', { name: 'Sign in' })
  await offer.waitFor()
  expect(agentRequests().slice(before)).toEqual(['GET /session'])
  for (const path of ['/orders', '/']) {
    await visitor.open(path)
    await page.getByRole('button', { name: 'Sign in' }).first().waitFor()
  }
  expect(agentRequests().length - before).toBe(1)
})

test('a page that a sign-in comes back to asks nothing early', async () => {
  const visitor = await world.newVisitor()
  const { page } = visitor
  await signIn(visitor)
  const before = agentRequests().length
  const release = await holdScripts(visitor)
  await page.goto(`${world.stack.urls.spa}/callback?code=c1&state=s1`, { waitUntil: 'commit' })
  await page.waitForFunction(() => document.scripts.length > 0)
  const hasAsked = await page.evaluate(() => 'tokenHandlerEarly' in window)
  expect([hasAsked, agentRequests().slice(before)]).toEqual([false, []])
  release()
})
