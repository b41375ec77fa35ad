// Sign-ins that do not go straight: two at once, used callback URLs, silent ones, interrupted ones.
import { demoPassword } from '@token-handler/local-stack'
import { afterAll, beforeAll, beforeEach, describe, expect } from 'vitest'
import { eventually } from '../src/eventually.ts'
import type { Page } from '../src/engines/engine.ts'
import { engine, test } from '../src/engines/index.ts'
import { until } from '../src/engines/until.ts'
import { nextRequest, urlOf } from '../src/next-request.ts'
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
  world.stack.resetAgentCalls()
  return () => visitor.context.close()
})

const calls = (operation: string) =>
  world.stack
    .agentCalls()
    .filter((call) => call.method !== 'OPTIONS' && call.operation === operation).length

async function startSignIn(page: Page, path: string): Promise<void> {
  await page.goto(world.stack.urls.spa + path)
  await page
    .getByRole('main')
    .getByRole('button', { name: /^Sign in/ })
    .click()
  await page.getByLabel('Username').waitFor()
}

/** The callback URL of the next sign-in, as a user could bookmark it. */
const watchForCallback = async (): Promise<string> =>
  (await nextRequest(world.fronts.spa, '/callback?')).url

const isSignedIn = (page: Page) => page.getByRole('list', { name: 'Orders' }).waitFor()

describe('two tabs that sign in at once', () => {
  test('both end signed in, each where its user wanted to be', async () => {
    const second = await visitor.context.newPage()
    await startSignIn(visitor.page, '/orders')
    await startSignIn(second, '/orders/1002')

    await visitor.authenticate('alice')
    await isSignedIn(visitor.page)
    // The authorization server's form of the second tab is still open.
    await second.getByLabel('Username').fill('alice')
    await second.getByLabel('Password').fill(demoPassword)
    await second.getByRole('button', { name: 'Sign in' }).click()
    const heading = second.getByRole('heading', { name: 'Order 1002' })
    const allow = second.getByRole('button', { name: 'Allow' })
    const isAsked = await until('the order, or what to allow', async () =>
      (await allow.isVisible()) ? true : (await heading.isVisible()) ? false : undefined,
    )
    if (isAsked) await allow.click()
    await heading.waitFor()
    expect(calls('endLogin')).toBe(2)
    await second.close()
  })

  test('a sign-in whose login cookie is gone is started again, and succeeds without a word', async () => {
    await startSignIn(visitor.page, '/orders/1002')
    await visitor.context.removeCookies(world.stack.urls.handler, /-login-/)
    await visitor.authenticate('alice')
    await visitor.page.getByRole('heading', { name: 'Order 1002' }).waitFor()
    expect(calls('startLogin')).toBe(2)
    expect(calls('endLogin')).toBe(2)
  })
})

describe('a callback URL that was used', () => {
  test.each(['opened again in the same tab', 'opened in another tab'])(
    'finds the session when it is %s, and no code stays in the address bar',
    async (where) => {
      const callback = watchForCallback()
      await visitor.open('/orders')
      await visitor.signIn('alice')
      await isSignedIn(visitor.page)
      const isSameTab = where === 'opened again in the same tab'
      const page = isSameTab ? visitor.page : await visitor.context.newPage()
      await page.goto(await callback)
      await isSignedIn(page)
      expect(await urlOf(page)).not.toMatch(/[?&](?:code|state|iss)=/)
      expect(calls('endLogin')).toBe(isSameTab ? 1 : 2)
    },
  )

  test('offers to sign in when it is opened without a session', async () => {
    const callback = watchForCallback()
    await visitor.open('/orders')
    await visitor.signIn('alice')
    await isSignedIn(visitor.page)
    await visitor.context.removeCookies(world.stack.urls.handler)
    const page = await visitor.context.newPage()
    await page.goto(await callback)
    await page
      .getByRole('main')
      .getByRole('button', { name: /^Sign in/ })
      .waitFor()
    expect(calls('startLogin')).toBe(1)
  })

  test('is not in the history: back from the app leads to where the sign-in began', async () => {
    await visitor.open('/orders')
    await visitor.signIn('alice')
    await isSignedIn(visitor.page)
    const urls = await visitor.page.evaluate(() =>
      // Not every engine lists what is in its history.
      ('navigation' in window ? navigation.entries() : []).map(({ url }) => url ?? ''),
    )
    expect(urls.filter((url) => url.includes('code='))).toEqual([])
    await visitor.page.reload()
    await isSignedIn(visitor.page)
    expect(calls('endLogin')).toBe(1)
  })
})

describe('a page reloaded in the middle of ending a sign-in', () => {
  test('waits for the cookies of the page before, and goes on to where the user wanted to be', async () => {
    const { page } = visitor
    await startSignIn(page, '/orders/1002')
    const ending = nextRequest(world.fronts.handler, '/oauth-agent/login/end')
    const back = visitor.authenticate('alice')
    await ending
    await page.reload()
    await back.catch(() => {})
    await page.getByRole('heading', { name: 'Order 1002' }).waitFor()
    expect(calls('endLogin')).toBe(1)
  })
})

describe('a page that leaves for an authorization server that is slow to answer', () => {
  // In WebKit a fragment stops the navigation: the page stays, and the client notices after ten seconds.
  const fragment = engine.name === 'WebKit' ? [] : (['hash'] as const)
  test.each(['replaceState', 'pushState', ...fragment] as const)(
    'leaves all the same when its own URL changes meanwhile: %s',
    async (way) => {
      const page = await openSdkPage(world, visitor)
      // Drivers cannot ask a page that leaves, and engines end its requests: the two pages speak by storage.
      const other = await openSdkPage(world, visitor)
      const slow = world.fronts.spa.hold('/slow')
      await page.evaluate(
        ({ authorizationUrl, how }) => {
          const { fetch, tokenHandler } = window
          // A place on this origin, which can be held back, and which sees what was noted here.
          window.fetch = async (input, init) =>
            new Request(input, init).url.endsWith('/login/start')
              ? Response.json({ authorization_url: authorizationUrl })
              : fetch(input, init)
          const note = (what: string) =>
            sessionStorage.setItem('seen', `${sessionStorage.getItem('seen') ?? ''}${what} `)
          tokenHandler.on('leaving', ({ isLeaving }) => note(isLeaving ? 'leaves' : 'stays'))
          window.addEventListener('storage', ({ key }) => {
            if (key !== 'go') return
            if (how === 'hash') location.hash = 'welcome'
            else history[how](null, '', '/sdk?welcome')
            // What the browser tells the page of it comes before.
            setTimeout(() => setTimeout(() => localStorage.setItem('changed', how)))
          })
          tokenHandler.login().catch((error: unknown) => note(String(error)))
        },
        {
          authorizationUrl: `${world.stack.urls.spa}/slow?state=a-state-that-nobody-guesses`,
          how: way,
        },
      )
      await slow.held
      await other.evaluate(() => localStorage.setItem('go', 'now'))
      await eventually(() => other.evaluate(() => localStorage.getItem('changed'))).toBe(way)
      slow.release()
      await page.waitForURL(({ pathname }) => pathname === '/slow')
      expect(await page.evaluate(() => sessionStorage.getItem('seen'))).toBe('leaves ')
      await page.close()
      await other.close()
    },
  )
})

describe('a silent sign-in', () => {
  test('signs a user in whom the authorization server still knows, and shows them nothing', async () => {
    await visitor.open('/orders')
    await visitor.signIn('alice')
    await isSignedIn(visitor.page)
    // The session at the agent is gone, the one at the authorization server is not.
    await visitor.context.removeCookies(world.stack.urls.handler, /^__Host-Http-th/)
    await visitor.page.evaluate(() => localStorage.clear())
    await visitor.page.goto('about:blank')

    const page = await openSdkPage(world, visitor)
    expect(await page.evaluate(() => window.tokenHandler.getSnapshot().status)).toBe(
      'unauthenticated',
    )
    const back = watchForCallback()
    await page.evaluate(() => void window.loginSilently({ returnTo: '/profile' }))
    expect(new URL(await back).searchParams.has('code')).toBe(true)
    await page.getByRole('heading', { name: /^Alice/ }).waitFor()
  })

  test('of a user nobody knows ends signed out, and is not tried again in this tab', async () => {
    const page = await openSdkPage(world, visitor)
    await page.evaluate(() => void window.loginSilently())
    await page.waitForURL(({ href }) => href.endsWith('/callback'))
    await page
      .getByRole('main')
      .getByRole('button', { name: /^Sign in/ })
      .waitFor()
    expect(calls('startLogin')).toBe(1)

    await page.close()
    const other = await openSdkPage(world, visitor)
    await other.evaluate(() => window.loginSilently())
    expect(calls('startLogin')).toBe(1)
  })
})
