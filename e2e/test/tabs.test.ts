// Several tabs of one browser, in front of an authorization server that rotates refresh tokens: a
// second use of one would end the session.
import { afterAll, beforeAll, beforeEach, describe, expect } from 'vitest'
import type { Page } from '../src/engines/engine.ts'
import { engine, test } from '../src/engines/index.ts'
import { until } from '../src/engines/until.ts'
import { eventually } from '../src/eventually.ts'
import { openSdkPage } from '../src/sdk-page.ts'
import type { Visitor } from '../src/engine-world.ts'
import { startWorld } from '../src/engine-world.ts'
import type { World } from '../src/engine-world.ts'

let world: World
let visitor: Visitor

beforeAll(async () => {
  world = await startWorld({ refreshTokenRotation: true })
})
afterAll(() => world.stop())

beforeEach(async () => {
  visitor = await world.newVisitor()
  await visitor.open('/orders')
  await visitor.signIn('alice')
  return async () => {
    await world.stack.controls.setAuthorizationServer('up')
    await visitor.context.close()
  }
})

const count = (operation: string) =>
  world.stack.agentCalls().filter((call) => call.operation === operation).length

const ordersUrl = () => `${world.stack.urls.api}/orders`

/** The statuses of so many calls at once; a call that rejects counts as its error's code. */
const callApi = (page: Page, times = 1): Promise<unknown[]> =>
  page.evaluate(
    ([url, length]) =>
      Promise.all(
        Array.from({ length }, () =>
          window.tokenHandler.fetch(url).then(
            ({ status }) => status,
            (error: { code?: string }) => error.code,
          ),
        ),
      ),
    [ordersUrl(), times] as const,
  )

const statusIn = (page: Page) => page.evaluate(() => window.tokenHandler.getSnapshot().status)

/** Opens tabs while the first one is alive. */
async function openPages(length: number): Promise<Page[]> {
  const pages: Page[] = []
  while (pages.length < length) pages.push(await openSdkPage(world, visitor))
  return pages
}

test(
  'five tabs with twenty calls each refresh once when their access token has expired, twenty times over',
  { timeout: 300_000 },
  async () => {
    const pages = await openPages(5)
    // Twenty to find what is rare in what is ours; the others are here for what is theirs.
    const rounds = engine.name === 'Chromium' ? 20 : 4
    for (let round = 0; round < rounds; round += 1) {
      await world.stack.controls.expireAccessTokens()
      const before = count('refresh')
      const statuses = await Promise.all(pages.map((page) => callApi(page, 20)))
      expect(statuses.flat()).toEqual(Array.from({ length: 100 }, () => 200))
      expect(count('refresh') - before).toBe(1)
    }
    for (const page of pages) expect(await statusIn(page)).toBe('authenticated')
  },
)

test('a tab opened while another is alive gets the session from it, and the agent is not asked', async () => {
  const [first] = await openPages(1)
  // A tab waits 50 milliseconds for the others, which a busy machine may need for something else.
  const second = await until('a tab that did not ask the agent', async () => {
    const before = world.stack.agentCalls().length
    const page = await openSdkPage(world, visitor)
    if (world.stack.agentCalls().length === before) return page
    await page.close()
    return undefined
  })
  const snapshot = (page: Page | undefined) =>
    page?.evaluate(() => window.tokenHandler.getSnapshot())
  expect(await snapshot(second)).toEqual(await snapshot(first))
  expect(await callApi(second)).toEqual([200])
})

describe('while a refresh is under way', () => {
  let first: Page
  let second: Page

  /** Both tabs need the refresh, the first one sends it, and the authorization server takes its time. */
  async function beginRefresh(): Promise<{ readonly secondCall: Promise<unknown[]> }> {
    const [one, two] = await openPages(2)
    if (!one || !two) throw new Error('There are two tabs.')
    first = one
    second = two
    await world.stack.controls.expireAccessTokens()
    await world.stack.controls.setAuthorizationServer('slow')
    const before = count('refresh')
    void callApi(first).catch(() => {})
    await eventually(() => count('refresh') - before).toBe(1)
    const secondCall = callApi(second)
    // Evaluated after the call was sent; its 401 comes from a server that is up.
    await second.evaluate((url) => fetch(url).catch(() => {}), ordersUrl())
    return { secondCall }
  }

  test('closing its tab lets another one refresh, and loses no session', async () => {
    const { secondCall } = await beginRefresh()
    await first.close()
    await world.stack.controls.setAuthorizationServer('up')
    expect(await secondCall).toEqual([200])
    // The one that lives on without its page, and one more at most.
    expect(await callApi(second)).toEqual([200])
    await world.stack.controls.expireAccessTokens()
    expect(await callApi(second)).toEqual([200])
    expect(await statusIn(second)).toBe('authenticated')
  })

  test('reloading its tab loses no session, in any tab', async () => {
    const { secondCall } = await beginRefresh()
    await first.reload()
    await world.stack.controls.setAuthorizationServer('up')
    expect(await secondCall).toEqual([200])
    await first.close()
    const reopened = await openSdkPage(world, visitor)
    expect(await callApi(reopened)).toEqual([200])
    await world.stack.controls.expireAccessTokens()
    expect(await callApi(reopened)).toEqual([200])
  })

  test('signing out in another tab waits for it, and nothing brings the session back', async () => {
    const { secondCall } = await beginRefresh()
    const before = count('refresh')
    const leaving = second.evaluate(() => window.tokenHandler.logout())
    await world.stack.controls.setAuthorizationServer('up')
    await Promise.allSettled([leaving, secondCall])
    await eventually(() => statusIn(first)).toBe('unauthenticated')
    expect(count('refresh')).toBe(before)
    expect(await visitor.context.cookies(world.stack.urls.handler)).toEqual([])
    expect(await callApi(first)).toEqual(['session_expired'])
    expect(count('refresh')).toBe(before)
  })
})

test('signing out in one tab signs out all of them', async () => {
  const [first, second] = await openPages(2)
  if (!first || !second) throw new Error('There are two tabs.')
  const origin = second.evaluate(
    () =>
      new Promise((resolve) =>
        window.tokenHandler.on('signedOut', (detail) => resolve(detail.origin)),
      ),
  )
  await first.evaluate(() => void window.tokenHandler.logout())
  expect(await origin).toBe('other-tab')
  expect(await statusIn(second)).toBe('unauthenticated')
})

test('a request with a JSON body, made as libraries make them, is sent again after the refresh', async () => {
  const [page] = await openPages(1)
  if (!page) throw new Error('There is one tab.')
  await world.stack.controls.expireAccessTokens()
  const status = await page.evaluate(async (url) => {
    const body = JSON.stringify({ product: 'none', quantity: 1 })
    const headers = { 'content-type': 'application/json' }
    const response = await window.tokenHandler.fetch(
      new Request(url, { method: 'POST', body, headers }),
    )
    return response.status
  }, ordersUrl())
  // Whatever the API thinks of the order: it was asked with a good access token.
  expect(status).not.toBe(401)
})
