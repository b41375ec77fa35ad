// The whole path of one user, from the first visit to the sign-out, in a real browser.
import { afterAll, beforeAll, describe, expect } from 'vitest'
import { test } from '../src/engines/index.ts'
import { eventually } from '../src/eventually.ts'
import { nextRequest, urlOf } from '../src/next-request.ts'
import type { Visitor } from '../src/engine-world.ts'
import { startWorld } from '../src/engine-world.ts'
import type { World } from '../src/engine-world.ts'

let world: World
let visitor: Visitor

beforeAll(async () => {
  world = await startWorld()
  visitor = await world.newVisitor()
})
afterAll(() => world.stop())

const operations = () =>
  world.stack
    .agentCalls()
    .filter(({ method }) => method !== 'OPTIONS')
    .map(({ operation }) => operation)

/** The header offers a sign-in when the session is known, and not before. */
const isKnownToBeSignedOut = () =>
  visitor.page.getByRole('banner').getByRole('button', { name: 'Sign in' }).waitFor()

// One story in order: every step begins where the last one ended.
describe('a user who', () => {
  test('visits for the first time costs one call to the agent', async () => {
    await visitor.open('/')
    await isKnownToBeSignedOut()
    expect(operations()).toEqual(['session'])
  })

  test('comes again without a session costs no call', async () => {
    world.stack.resetAgentCalls()
    await visitor.page.reload()
    await isKnownToBeSignedOut()
    expect(operations()).toEqual([])
  })

  test('opens a deep link is offered to sign in, at the authorization server on another site', async () => {
    await visitor.open('/orders/1002?view=full#top')
    await visitor.page.getByRole('main').getByRole('button', { name: 'Sign in' }).click()
    await visitor.page.getByLabel('Username').waitFor()
    expect(new URL(await urlOf(visitor.page)).origin).toBe(world.stack.urls.authorizationServer)
    expect(operations()).toEqual(['startLogin'])
  })

  test('signs in is back at the deep link, with code and state gone from address bar and history', async () => {
    const { page } = visitor
    await visitor.authenticate('alice')
    await page.getByRole('heading', { name: 'Order 1002' }).waitFor()
    expect(await urlOf(page)).toBe(`${world.stack.urls.spa}/orders/1002?view=full#top`)

    const entries = await page.evaluate(() => [
      // Not every engine lists what is in its history.
      ...('navigation' in window ? navigation.entries() : []).map((entry) => entry.url ?? ''),
      JSON.stringify(window.history.state),
    ])
    expect(entries.filter((text) => /[?&](?:code|state|iss)=/.test(text))).toEqual([])
    expect(operations()).toEqual(['startLogin', 'endLogin'])
  })

  test('opens the profile sees the claims of the ID token', async () => {
    await visitor.page.getByRole('link', { name: 'Profile' }).click()
    await visitor.page.getByRole('heading', { name: /^Alice/ }).waitFor()
    expect(await visitor.page.getByRole('main').innerText()).toContain('alice@')
  })

  test('lists and creates orders through the proxy', async () => {
    const { page } = visitor
    await page
      .getByRole('link', { name: /orders/i })
      .first()
      .click()
    const rows = page.getByRole('list', { name: 'Orders' }).getByRole('listitem')
    await rows.first().waitFor()
    const before = await rows.count()

    await page.getByLabel('Coffee').selectOption({ index: 1 })
    await page.getByLabel('Bags').fill('7')
    await page.getByRole('button', { name: 'Place order' }).click()
    await page.getByText(/^Thank you: 7 bags/).waitFor()
    await eventually(() => rows.count()).toBe(before + 1)
  })

  test('reloads the page is still signed in', async () => {
    world.stack.resetAgentCalls()
    await visitor.page.reload()
    await visitor.page.getByRole('list', { name: 'Orders' }).waitFor()
    expect(operations()).toEqual(['session'])
  })

  test('has cookies with HttpOnly, Secure, SameSite=strict, the prefix, and no Domain', async () => {
    const cookies = await visitor.context.cookies(world.stack.urls.handler)
    expect(cookies.map(({ name }) => name).sort()).toEqual([
      '__Host-Http-th-at',
      '__Host-Http-th-session',
    ])
    for (const cookie of cookies) {
      expect(cookie).toMatchObject({
        // A cookie with a Domain attribute would begin with a dot here.
        domain: new URL(world.stack.urls.handler).hostname,
        path: '/',
        httpOnly: true,
        secure: true,
        sameSite: 'Strict',
      })
    }
  })

  test('runs a script on the host of the API cannot read a cookie there', async () => {
    const page = await visitor.context.newPage()
    await page.goto(`${world.stack.urls.handler}/health`)
    const [cookie, host] = await page.evaluate(() => [document.cookie, location.host])
    await page.close()
    expect(host).toBe(new URL(world.stack.urls.handler).host)
    expect(cookie).toBe('')
  })

  test('signs out has no cookie left and no session at the authorization server', async () => {
    const { page } = visitor
    await visitor.signOut()
    await page.getByRole('button', { name: 'Sign in to order' }).waitFor()
    expect(await visitor.context.cookies(world.stack.urls.handler)).toEqual([])

    const silent = await page.evaluate(async (agentUrl) => {
      const response = await fetch(`${agentUrl}/login/start`, {
        method: 'POST',
        headers: { 'token-handler-version': '1' },
        credentials: 'include',
        body: new URLSearchParams({ prompt: 'none' }),
      })
      return (await response.json()) as { authorization_url: string }
    }, world.stack.urls.agent)
    const callback = nextRequest(world.fronts.spa, '/callback?')
    await page.goto(silent.authorization_url)
    expect(new URL((await callback).url).searchParams.get('error')).toBe('login_required')
    await page.getByRole('main').getByRole('button', { name: 'Sign in' }).waitFor()
  })
})
