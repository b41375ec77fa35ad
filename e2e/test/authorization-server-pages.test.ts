// The pages that a user of the local stack sees at the authorization server: no violation that axe-core can find.
import { demoPassword } from '@token-handler/local-stack'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { expectAccessible } from '../src/axe.ts'
import { startWorld } from '../src/world.ts'
import type { World } from '../src/world.ts'

let world: World
let page: Page

beforeAll(async () => {
  world = await startWorld()
  const visitor = await world.newVisitor()
  page = visitor.page
})
afterAll(() => world.stop())

const press = (name: string) => page.getByRole('button', { name }).click()

// One story in order: every step begins where the last one ended.
test('the sign-in page is accessible, also after a wrong password', async () => {
  await page.goto(`${world.stack.urls.spa}/orders`)
  await page.getByRole('main').getByRole('button', { name: 'Sign in' }).click()
  await page.getByLabel('Username').fill('alice')
  await expectAccessible(page)
  await page.getByLabel('Password').fill('wrong')
  await press('Sign in')
  await page.getByText('Username or password is wrong.').waitFor()
  expect(await page.getByLabel('Username').inputValue()).toBe('alice')
  await expectAccessible(page)
})

test('the consent page is accessible', async () => {
  await page.getByLabel('Password').fill(demoPassword)
  await press('Sign in')
  await page.getByRole('heading', { name: 'Allow Nordlicht Coffee?' }).waitFor()
  await expectAccessible(page)
  await press('Allow')
  await page.getByRole('list', { name: 'Orders' }).waitFor()
})

test('the sign-out page is accessible', async () => {
  await press('Sign out')
  await page.getByRole('heading', { name: 'Sign out here too?' }).waitFor()
  await expectAccessible(page)
  await press('Sign out')
  await page.getByRole('button', { name: 'Sign in to order' }).waitFor()
})

test.each([
  ['/auth?client_id=unknown', 'This did not work'],
  ['/nowhere', 'There is nothing here'],
])('the error page of %s is accessible, and leads back', async (path, heading) => {
  await page.goto(world.stack.urls.authorizationServer + path)
  await page.getByRole('heading', { name: heading }).waitFor()
  await expectAccessible(page)
  await page.getByRole('link', { name: 'Back to the application' }).click()
  await page.getByRole('button', { name: 'Sign in to order' }).waitFor()
})
