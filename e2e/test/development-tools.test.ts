// The demo as `pnpm demo` serves it: the devtools, with buttons of the app's own that make things go wrong.
import { startLocalStack } from '@token-handler/local-stack'
import { startSpa } from 'react-spa/serve'
import { beforeAll, expect, test } from 'vitest'
import { findFreePort } from '../../packages/reference-handler/test/support/free-port.ts'
import { expectAccessible } from '../src/axe.ts'
import { launchBrowser } from '../src/browser.ts'
import { extendContext } from '../src/engines/chromium.ts'
import { createVisitor } from '../src/visitor.ts'
import type { Visitor } from '../src/world.ts'

let visitor: Visitor

beforeAll(async () => {
  const port = await findFreePort()
  const origin = `http://www.app.localhost:${port}`
  const ports = { handler: 0, authorizationServer: 0, api: 0, control: 0 }
  const { urls, stop } = await startLocalStack({ ports, origin, log: { level: 'error' } })
  const app = await startSpa({
    mode: 'development',
    port,
    agentUrl: urls.agent,
    apiUrl: `${urls.api}/`,
    controlUrl: urls.control,
  })
  const browser = await launchBrowser()
  visitor = await createVisitor(extendContext(await browser.newContext()), origin)
  await visitor.open('/orders')
  await visitor.signIn('alice')
  await visitor.page.getByRole('button', { name: 'Session devtools' }).click()
  return async () => {
    await browser.close()
    await app.stop()
    await stop()
  }
})

test('a token that a button expires is refreshed, and the devtools tell of it beside that button', async () => {
  const { page } = visitor
  await page.getByRole('button', { name: 'Expire the access token' }).click()
  await page.getByText('Expired: the next call to the API refreshes it.').waitFor()
  await page.getByRole('link', { name: 'Label' }).click()
  await page.getByRole('link', { name: 'Orders' }).click()
  await page.getByRole('row').filter({ hasText: 'access token refreshed' }).waitFor()
  expect(await page.locator('token-handler-devtools').count()).toBe(1)
})

test('the tools, and what is left of a page that they broke, are accessible', async () => {
  const { page } = visitor
  await expectAccessible(page)
  await page.getByRole('button', { name: 'Break this page' }).click()
  await page.getByRole('alert').getByRole('heading', { name: 'Something went wrong' }).waitFor()
  // They are not of the page, and go on.
  await page.getByRole('button', { name: 'Bring the API up' }).waitFor()
  await page.getByRole('button', { name: 'Close devtools' }).click()
  await expectAccessible(page)
  await page.getByRole('link', { name: 'Start again' }).click()
  await page.getByText('Go to your orders').waitFor()
})
