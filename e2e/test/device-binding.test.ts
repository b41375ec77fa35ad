// Sessions bound to a device, in the one engine that can: what a copied cookie jar is worth, and what it costs.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, onTestFinished, test as anyTest } from 'vitest'
import {
  createPerson,
  launchBoundBrowser,
  launchBundledBrowser,
  launchProfile,
  proofs,
} from '../src/device-binding/browser.ts'
import type { Person } from '../src/device-binding/browser.ts'
import {
  cookieNames,
  proofPath,
  registrationPath,
  startDeviceBindingWorld,
} from '../src/device-binding/world.ts'
import type { DeviceBindingWorld } from '../src/device-binding/world.ts'
import { eventually } from '../src/eventually.ts'
import { isMissing } from '../src/programs.ts'

const test = isMissing('chromium') ? anyTest.skip : anyTest

let world: DeviceBindingWorld
let browser: Browser
beforeAll(async () => {
  if (isMissing('chromium')) return
  world = await startDeviceBindingWorld()
  browser = await launchBoundBrowser(world)
})
afterAll(async () => {
  await browser?.close()
  await world?.stop()
})

async function newPerson(): Promise<Person> {
  const context = await browser.newContext()
  onTestFinished(() => context.close())
  return createPerson(world, context)
}

const status = (page: Page) => page.evaluate(() => window.tokenHandler.getSnapshot().status)
const ask = (page: Page) => page.evaluate(() => window.tokenHandler.session())
const refreshes = () => world.statuses('POST', '/oauth-agent/refresh')
const callApi = (page: Page) =>
  page.evaluate(
    async (url) => (await window.tokenHandler.fetch(url)).status,
    `${world.apiUrl}/orders`,
  )

test('the end of a sign-in registers a key, and the agent says that the session is bound', async () => {
  const { page, signInBound } = await newPerson()
  await signInBound('alice')
  expect(world.statuses('POST', registrationPath).at(-1)).toBe(200)
  expect(await ask(page)).toMatchObject({ status: 'authenticated', isDeviceBound: true })
  expect(await callApi(page)).toBe(200)
})

test('when the proof is over, the next refresh waits for another one', async () => {
  const { page, signInBound, expireProof } = await newPerson()
  await signInBound('alice')
  const before = proofs(world).length
  await expireProof()
  world.pass(301)
  expect(await callApi(page)).toBe(200)
  expect(proofs(world).slice(before)).toEqual([200])
  expect(refreshes().at(-1)).toBe(200)
})

test('two tabs with three calls each make one proof and one refresh', async () => {
  const { page, openTab, signInBound, expireProof } = await newPerson()
  await signInBound('alice')
  const other = await openTab()
  const before = { proofs: proofs(world).length, refreshes: refreshes().length }
  await expireProof()
  world.pass(301)
  const calls = [page, other].flatMap((tab) => [1, 2, 3].map(() => callApi(tab)))
  expect(await Promise.all(calls)).toEqual([200, 200, 200, 200, 200, 200])
  expect(proofs(world).slice(before.proofs)).toEqual([200])
  expect(refreshes().slice(before.refreshes)).toEqual([200])
})

/** Calls an operation without the SDK, as whoever has the cookies can. */
const operate = (page: Page, method: 'GET' | 'POST', path: string) =>
  page.evaluate(
    async ([url, method]) => {
      const headers = { 'token-handler-version': '1' }
      const response = await fetch(url, { method, credentials: 'include', headers })
      const body = (await response.json()) as { readonly error_code?: string }
      return [response.status, body.error_code]
    },
    [world.agentUrl + path, method] as const,
  )

test('a copy of all cookies in another profile is refused, while the owner goes on', async () => {
  const owner = await newPerson()
  await owner.signInBound('alice')
  const cookies = await owner.context.cookies(world.agentUrl)
  expect(cookies.map(({ name }) => name).toSorted()).toEqual(Object.values(cookieNames).toSorted())
  const thief = await browser.newContext()
  onTestFinished(() => thief.close())
  const page = await thief.newPage()
  await page.goto(`${new URL(world.pageUrl).origin}/blank`)
  const steal = () =>
    thief.addCookies(
      cookies.map(({ name, value, expires }) => ({
        name,
        value,
        expires,
        url: `${new URL(world.agentUrl).origin}/`,
        httpOnly: true,
        secure: true,
        sameSite: 'Strict' as const,
      })),
    )
  await steal()
  // The copied proof is worth something until its time is over, and no longer.
  expect(await operate(page, 'GET', '/session')).toEqual([200, undefined])
  world.pass(361)
  const later = [503, 'temporarily_unavailable']
  expect(await operate(page, 'GET', '/session')).toEqual(later)
  expect(await operate(page, 'GET', '/session')).toEqual([401, 'session_expired'])
  await steal()
  expect(await operate(page, 'POST', '/refresh')).toEqual(later)
  expect(await operate(page, 'POST', '/refresh')).toEqual([401, 'session_expired'])
  expect(await thief.cookies(world.agentUrl)).toEqual([])

  await owner.expireProof()
  expect(await callApi(owner.page)).toBe(200)
  expect(await ask(owner.page)).toMatchObject({ status: 'authenticated', isDeviceBound: true })
})

test('while the proof endpoint is down, a session is neither over nor refreshed, and then all is well', async () => {
  const { page, signInBound, expireProof } = await newPerson()
  await signInBound('alice')
  const restore = await world.intercept(proofPath, (_request, response) => {
    response.writeHead(503).end()
  })
  await expireProof()
  world.pass(301)
  const failed = page.evaluate(async (url) => {
    const failure = await window.tokenHandler.fetch(url).then(
      () => undefined,
      (error: unknown) => error as { readonly code?: string },
    )
    return failure?.code
  }, `${world.apiUrl}/orders`)
  expect(await failed).toBe('refresh_unavailable')
  expect(refreshes().at(-1)).toBe(503)
  expect(await status(page)).toBe('authenticated')
  await restore()
  // The SDK asks again when the agent's Retry-After is over.
  await eventually(() => callApi(page).catch(() => undefined)).toBe(200)
})

test('while the proof is slow, calls wait and then succeed', async () => {
  const { page, signInBound, expireProof } = await newPerson()
  await signInBound('alice')
  const before = refreshes().length
  await expireProof()
  world.pass(301)
  const hold = world.hold(proofPath)
  const calls = Promise.all([1, 2, 3].map(() => callApi(page)))
  await hold.held
  expect(refreshes()).toHaveLength(before)
  hold.release()
  expect(await calls).toEqual([200, 200, 200])
  expect(refreshes().slice(before)).toEqual([200])
})

test('one 429 of a gateway in front of the proof endpoint ends the session; a new sign-in is bound again', async () => {
  const { page, signInBound, expireProof } = await newPerson()
  await signInBound('alice')
  const restore = await world.intercept(proofPath, (_request, response) => {
    response.writeHead(429, { 'retry-after': '1' }).end()
  })
  await expireProof()
  world.pass(301)
  await page.evaluate(
    (url) => window.tokenHandler.fetch(url).catch(() => {}),
    `${world.apiUrl}/orders`,
  )
  expect(refreshes().at(-1)).toBe(401)
  expect(await status(page)).toBe('unauthenticated')
  await restore()
  await signInBound('alice')
  expect(await ask(page)).toMatchObject({ isDeviceBound: true })
})

test('after a restart of the browser the key is still there', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'device-binding-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  const first = await createPerson(world, await launchProfile(world, folder))
  await first.signInBound('alice')
  await first.context.close()

  const context = await launchProfile(world, folder)
  onTestFinished(() => context.close())
  const before = proofs(world).length
  await context.clearCookies({ name: cookieNames.bound })
  const { page } = await createPerson(world, context)
  expect(await page.evaluate(() => window.tokenHandler.getSnapshot())).toMatchObject({
    status: 'authenticated',
    isDeviceBound: true,
  })
  // The browser keeps no challenge over a restart.
  expect(proofs(world).slice(before)).toEqual([403, 200])
})

test('after a sign-out the browser asks once more, and then proves nothing any more', async () => {
  const { page, context, signInBound } = await newPerson()
  await signInBound('alice')
  await operate(page, 'POST', '/logout')
  expect(await context.cookies(world.agentUrl)).toEqual([])
  const before = proofs(world).length
  for (let count = 0; count < 3; count += 1) {
    expect(await ask(page)).toMatchObject({ status: 'unauthenticated' })
  }
  expect(proofs(world).slice(before)).toEqual([200])
})

test('another user’s sign-in has another key, and the one before is forgotten', async () => {
  const { page, signInBound, expireProof } = await newPerson()
  await signInBound('alice')
  await signInBound('bob')
  await expireProof()
  world.pass(301)
  expect(await callApi(page)).toBe(200)
  expect(await ask(page)).toMatchObject({ claims: { sub: 'bob' }, isDeviceBound: true })
  const before = proofs(world).length
  await expireProof()
  expect(await ask(page)).toMatchObject({ claims: { sub: 'bob' }, isDeviceBound: true })
  expect(proofs(world).slice(before)).toEqual([200])
})

test('two agents of one site bind two sessions, and neither ends the other', async () => {
  const other = await startDeviceBindingWorld({ host: 'shop', certificate: world.certificate })
  onTestFinished(() => other.stop())
  const context = await browser.newContext()
  onTestFinished(() => context.close())
  const here = await createPerson(world, context)
  const there = await createPerson(other, context)
  await here.signInBound('alice')
  await there.signInBound('bob')
  // Both agents' cookies of this name.
  await here.expireProof()
  expect(await ask(here.page)).toMatchObject({ claims: { sub: 'alice' }, isDeviceBound: true })
  expect(await ask(there.page)).toMatchObject({ claims: { sub: 'bob' }, isDeviceBound: true })
  expect(proofs(other)).toEqual([200])
})

test('a refresh while the answer to a registration is still under way loses no session', async () => {
  const { page, signIn, registrations, expireProof } = await newPerson()
  const hold = world.hold(registrationPath)
  await signIn('alice')
  await hold.held
  world.pass(6)
  const { length } = refreshes()
  expect(await operate(page, 'POST', '/refresh')).toEqual([200, undefined])
  expect(refreshes().slice(length)).toEqual([200])
  hold.release()
  await eventually(registrations).toBe(1)
  await expireProof()
  world.pass(301)
  expect(await callApi(page)).toBe(200)
  expect(await ask(page)).toMatchObject({ isDeviceBound: true })
})

test('the Chromium inside the npm package, which cannot, goes on as before', async () => {
  const bundled = await launchBundledBrowser(world)
  onTestFinished(() => bundled.close())
  const before = world.statuses('POST', registrationPath).length
  const { page, signIn } = await createPerson(world, await bundled.newContext())
  await signIn('alice')
  world.pass(301)
  expect(await callApi(page)).toBe(200)
  const session = await ask(page)
  expect(session).toMatchObject({ status: 'authenticated' })
  expect(session).not.toHaveProperty('isDeviceBound', true)
  expect(world.statuses('POST', registrationPath)).toHaveLength(before)
})
