// What pages of untrusted origins can do with the cookies of a signed-in user: nothing.
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startForeignSite } from '../src/foreign-site.ts'
import type { ForeignSite } from '../src/foreign-site.ts'
import type { Visitor } from '../src/world.ts'
import { startWorld } from '../src/world.ts'
import type { World } from '../src/world.ts'

let world: World
let foreign: ForeignSite
let visitor: Visitor

beforeAll(async () => {
  world = await startWorld()
  foreign = await startForeignSite()
  visitor = await world.newVisitor()
  await visitor.open('/orders')
  await visitor.signIn('alice')
  // What the app itself asks the agent must not be mistaken for what foreign pages ask.
  await visitor.page.goto('about:blank')
})
afterAll(async () => {
  await foreign.stop()
  await world.stop()
})

/** What can be handed over to a page. */
interface Init {
  readonly method?: string
  readonly mode?: 'no-cors'
  readonly headers?: Record<string, string>
  readonly body?: string
}

/** Fetches from a page, and tells what a script there learns of the answer. */
async function fetchFrom(page: Page, url: string, init: Init): Promise<string> {
  return await page.evaluate(
    ([target, options]) =>
      fetch(target, { ...options, credentials: 'include' }).then(
        async (response) => `${response.type} ${response.status} ${await response.text()}`,
        (error: unknown) => String(error),
      ),
    [url, init] as const,
  )
}

const version = { 'token-handler-version': '1' }
const answered = () =>
  world.stack.agentCalls().filter(({ method, status }) => method !== 'OPTIONS' && status === 200)

test('the browser keeps the rules of the web: a page cannot read a foreign origin', async () => {
  const page = await visitor.context.newPage()
  await page.goto(foreign.pageOn('www.elsewhere.localhost'))
  // The server answers 200 to anybody; without CORS headers the script may not see it.
  const result = await fetchFrom(page, foreign.pageOn('other.elsewhere.localhost'), {})
  expect(result).toBe('TypeError: Failed to fetch')
  await page.close()
})

describe.each([
  ['another site', 'www.evil.localhost'],
  ['the same site, but an untrusted origin', 'evil.app.localhost'],
])('a page of %s', (_title, hostname) => {
  let page: Page
  beforeAll(async () => {
    page = await visitor.context.newPage()
    await page.goto(foreign.pageOn(hostname))
    world.stack.resetAgentCalls()
  })
  afterAll(() => page.close())

  test.each([
    ['the session', '/session', 'GET'],
    ['a login start', '/login/start', 'POST'],
    ['a login end', '/login/end', 'POST'],
    ['a refresh', '/refresh', 'POST'],
    ['a sign-out', '/logout', 'POST'],
  ])('gets nothing from %s with the version header', async (_name, path, method) => {
    const result = await fetchFrom(page, world.stack.urls.agent + path, {
      method,
      headers: version,
    })
    expect(result).toBe('TypeError: Failed to fetch')
    expect(answered()).toEqual([])
  })

  test.each([
    ['GET', '/session'],
    ['POST', '/login/start'],
    ['POST', '/login/end'],
    ['POST', '/refresh'],
    ['POST', '/logout'],
  ])('has a %s %s without CORS refused', async (method, path) => {
    const result = await fetchFrom(page, world.stack.urls.agent + path, { method, mode: 'no-cors' })
    expect(result).toBe('opaque 0 ')
    expect(world.stack.agentCalls().at(-1)).toMatchObject({ method, path, status: 403 })
  })

  test('gets nothing from the API', async () => {
    const orders = `${world.stack.urls.api}/orders`
    expect(await fetchFrom(page, orders, { headers: version })).toBe('TypeError: Failed to fetch')
    expect(await fetchFrom(page, orders, { method: 'POST', mode: 'no-cors', body: '{}' })).toBe(
      'opaque 0 ',
    )
  })

  test('cannot sign the user out with a form', async () => {
    const form = await visitor.context.newPage()
    await form.goto(foreign.pageOn(hostname))
    const answer = form.waitForResponse((response) => response.url().endsWith('/logout'))
    await form.evaluate((action) => {
      const element = document.createElement('form')
      element.method = 'post'
      element.action = action
      document.body.append(element)
      element.submit()
    }, `${world.stack.urls.agent}/logout`)
    expect((await answer).status()).toBe(403)
    await form.close()
  })

  test('cannot embed the agent or the API in a way that shows anything', async () => {
    const image = await page.evaluate(
      (src) =>
        new Promise<string>((resolve) => {
          const element = new Image()
          element.addEventListener('load', () => resolve('loaded'))
          element.addEventListener('error', () => resolve('refused'))
          element.src = src
        }),
      `${world.stack.urls.api}/orders`,
    )
    expect(image).toBe('refused')
  })
})

test('after all of that the user is still signed in', async () => {
  await visitor.open('/orders')
  await visitor.page.getByRole('list', { name: 'Orders' }).waitFor()
  expect(await visitor.context.cookies(world.stack.urls.handler)).toHaveLength(2)
})
