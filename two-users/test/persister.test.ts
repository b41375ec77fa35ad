// A cache of TanStack Query that is stored in the browser, by the guide's recipe.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { appDocument, bundleGuide } from '../src/bundle-guide.ts'
import { startWorld } from '../src/world.ts'
import type { Tab, World } from '../src/world.ts'

declare global {
  interface Window {
    readonly setOnline: (isOnline: boolean) => void
  }
}

const app = `
  import { onlineManager } from '@tanstack/react-query'
  import { createRoot } from 'react-dom/client'
  import { App } from './persisted-app.tsx'
  import { tokenHandler } from './token-handler.ts'

  window.tokenHandler = tokenHandler
  window.setOnline = (isOnline) => onlineManager.setOnline(isOnline)
  const { returnTo } = await tokenHandler.load()
  if (returnTo) history.replaceState(null, '', returnTo)
  createRoot(document.getElementById('root')).render(<App />)`

const KEY = 'REACT_QUERY_OFFLINE_CACHE'

let world: World
beforeAll(async () => {
  world = await startWorld()
  world.site.publish({
    '/index.html': appDocument,
    '/app.js': await bundleGuide('tanstack-query', app),
    '/elsewhere.txt': 'A page without the app.',
  })
})
afterAll(() => world.stop())

const stored = ({ page }: Tab) => page.evaluate((key) => localStorage.getItem(key) ?? '', KEY)

async function openAsAlice(): Promise<Tab> {
  const tab = await world.open()
  await tab.signIn('alice')
  await tab.page.getByText('coffee of Alice').waitFor()
  await expect.poll(() => stored(tab)).toContain('coffee of Alice')
  return tab
}

/** Alice orders while the browser is offline, and her order waits in storage. */
async function orderOffline(tab: Tab): Promise<void> {
  await tab.page.evaluate(() => window.setOnline(false))
  await tab.page.getByRole('button', { name: 'Order' }).click()
  await expect.poll(() => stored(tab)).toContain('Polar Night')
}

/** Bob signs in, sees what is his, and nothing of Alice is or was there. */
async function expectOnlyBob(tab: Tab): Promise<void> {
  tab.forgetFrames()
  world.site.takeApiCalls()
  await tab.signIn('bob')
  await tab.page.getByText('coffee of Bob').waitFor()
  await expect.poll(() => stored(tab)).toContain('coffee of Bob')
  expect((await tab.frames()).join()).not.toMatch(/of Alice|Polar Night/)
  expect(await tab.storage()).not.toMatch(/alice|Polar Night/i)
  expect(world.site.takeApiCalls()).toEqual([{ method: 'GET', user: 'bob', body: '' }])
  await tab.context.close()
}

test('the same user finds the cache again, without a call to the API', async () => {
  const tab = await openAsAlice()
  await tab.goto('/elsewhere.txt')
  const release = world.site.hold('/api/orders')
  await tab.goto('/')
  await tab.page.getByText('coffee of Alice').waitFor()
  release()
  await tab.context.close()
})

test('nothing of it is left after a session that ended while no page was open', async () => {
  const tab = await openAsAlice()
  await tab.goto('/elsewhere.txt')
  await tab.context.clearCookies()
  await tab.goto('/')
  await tab.page.getByText('Welcome').waitFor()
  expect(await stored(tab)).toBe('')
  await expectOnlyBob(tab)
})

test('nothing of it is left when the next user was signed in before a page was open', async () => {
  const tab = await openAsAlice()
  const other = await world.open()
  await other.signIn('bob')
  const cookies = await other.context.cookies()
  await other.context.close()
  await tab.goto('/elsewhere.txt')
  await tab.context.clearCookies()
  await tab.context.addCookies(cookies)
  tab.forgetFrames()
  world.site.takeApiCalls()
  await tab.goto('/')
  await tab.page.getByText('coffee of Bob').waitFor()
  expect((await tab.frames()).join()).not.toContain('Alice')
  expect(await tab.storage()).not.toMatch(/alice/i)
  expect(world.site.takeApiCalls()).toEqual([{ method: 'GET', user: 'bob', body: '' }])
  await tab.context.close()
})

test('nothing of it is left after a sign-out that leaves the page', async () => {
  const tab = await openAsAlice()
  await tab.signOut()
  await tab.goto('/elsewhere.txt')
  expect(await stored(tab)).toBe('')
  await tab.goto('/')
  await expectOnlyBob(tab)
})

test('an order that waited for the network goes out as the user who gave it', async () => {
  const tab = await openAsAlice()
  await orderOffline(tab)
  await tab.goto('/elsewhere.txt')
  world.site.takeApiCalls()
  await tab.goto('/')
  const orders = () => world.site.takeApiCalls().filter(({ method }) => method === 'POST')
  await expect
    .poll(orders)
    .toEqual([{ method: 'POST', user: 'alice', body: '{"product":"Polar Night"}' }])
  await tab.context.close()
})

test('an order that waited for the network never goes out as the next user', async () => {
  const tab = await openAsAlice()
  await orderOffline(tab)
  await tab.goto('/elsewhere.txt')
  await tab.context.clearCookies()
  await tab.goto('/')
  await tab.page.getByText('Welcome').waitFor()
  await expectOnlyBob(tab)
})
