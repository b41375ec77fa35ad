// Sessions bound to a device, in the one engine that can: what a copied cookie jar is worth, and what it costs.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, onTestFinished, test as anyTest } from 'vitest'
import {
  createPerson,
  launchBoundBrowser,
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
