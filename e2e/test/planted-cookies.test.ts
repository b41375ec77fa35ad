// A page of the same site, but of another host, that plants a cookie with the name of the session's.
import { afterAll, beforeAll, expect } from 'vitest'
import { startWorld } from '../src/engine-world.ts'
import type { Visitor, World } from '../src/engine-world.ts'
import { engine, test } from '../src/engines/index.ts'
import { startForeignSite } from '../src/foreign-site.ts'
import type { ForeignSite } from '../src/foreign-site.ts'
import { openSdkPage } from '../src/sdk-page.ts'

let world: World
let foreign: ForeignSite
beforeAll(async () => {
  foreign = await startForeignSite()
  world = await startWorld()
})
afterAll(async () => {
  await world.stop()
  await foreign.stop()
})

const sessionCookie = '__Host-Http-th-session'

/** How many cookies of the session's name go to the agent. */
async function countSessionCookies({ context }: Visitor): Promise<number> {
  const cookies = await context.cookies(world.stack.urls.handler)
  return cookies.filter(({ name }) => name === sessionCookie).length
}

/** A page of a host beside the app's sets the cookie for both. */
async function plant({ context }: Visitor): Promise<void> {
  const parent = new URL(world.stack.urls.spa).hostname.replace(/^www\./, '')
  const page = await context.newPage()
  await page.goto(foreign.pageOn(`evil.${parent}`))
  await page.evaluate(
    (attributes) => {
      // oxlint-disable-next-line unicorn/no-document-cookie -- as an attacker does, in every engine
      document.cookie = attributes
    },
    // Without Secure, which the blank page's http would not let it set.
    `${sessionCookie}=planted; Path=/; Domain=${parent}`,
  )
  await page.close()
}

/** Whether an API call of the SDK succeeds, with the refresh that it may need. */
async function callApi(visitor: Visitor): Promise<unknown> {
  const page = await openSdkPage(world, visitor)
  const outcome = await page.evaluate(
    (url) =>
      window.tokenHandler.fetch(url).then(
        ({ status }) => status,
        (error: { code?: string }) => error.code,
      ),
    `${world.stack.urls.api}/orders`,
  )
  await page.close()
  return outcome
}

test('a host beside the app’s cannot plant a session cookie, or the user is rid of it at once', async () => {
  const visitor = await world.newVisitor()
  await visitor.open('/orders')
  await visitor.signIn('alice')
  await visitor.page.getByRole('list', { name: 'Orders' }).waitFor()
  await plant(visitor)
  // Those that enforce the prefix refuse the cookie.
  expect(await countSessionCookies(visitor)).toBe(engine.name === 'WebKit' ? 2 : 1)

  await visitor.page.reload()
  await visitor.page.evaluate(
    (url) => fetch(url, { credentials: 'include', headers: { 'token-handler-version': '1' } }),
    `${world.stack.urls.agent}/session`,
  )
  expect(await countSessionCookies(visitor)).toBe(1)
  expect(await callApi(visitor)).toBe(200)
  await visitor.context.close()
})

test('a user for whom one was planted before signs in, and is signed in', async () => {
  const visitor = await world.newVisitor()
  await plant(visitor)
  await visitor.open('/orders')
  await visitor.signIn('alice')
  await visitor.page.getByRole('list', { name: 'Orders' }).waitFor()
  expect(await countSessionCookies(visitor)).toBe(1)
  await visitor.signOut()
  expect(await countSessionCookies(visitor)).toBe(0)
  await visitor.context.close()
})
