// What routers keep of the last user: loader data and preloaded routes, by the guide's recipes.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { appDocument, bundleGuide } from '../src/bundle-guide.ts'
import { startWorld } from '../src/world.ts'
import type { Tab, World } from '../src/world.ts'

declare global {
  interface Window {
    /** Goes to a route without a page load, as a link does. */
    readonly visit: (path: string) => void
    /** What TanStack Router does when the pointer is over a link. */
    readonly preload: (path: string) => Promise<unknown>
  }
}

const apps = {
  'React Router': `
    import { App, router } from './react-router.tsx'
    window.visit = (path) => void router.navigate(path)
    window.App = App`,
  'TanStack Router': `
    import { App, router } from './tanstack-router.tsx'
    window.visit = (to) => void router.navigate({ to })
    window.preload = (to) => router.preloadRoute({ to })
    window.App = App`,
}

const main = `
  import { createRoot } from 'react-dom/client'
  import { tokenHandler } from './token-handler.ts'
  window.tokenHandler = tokenHandler
  createRoot(document.getElementById('root')).render(<App />)`

let world: World
beforeAll(async () => {
  world = await startWorld()
})
afterAll(() => world.stop())

async function openOrders(): Promise<Tab> {
  const tab = await world.open('/welcome')
  await tab.page.getByText('Welcome').waitFor()
  await tab.signIn('alice')
  await tab.page.evaluate(() => window.visit('/orders'))
  await tab.page.getByText('coffee of Alice').waitFor()
  return tab
}

describe.each(Object.keys(apps) as (keyof typeof apps)[])('%s', (name) => {
  beforeAll(async () => {
    const script = await bundleGuide('routers', apps[name] + main)
    world.site.publish({ '/index.html': appDocument, '/app.js': script })
  })

  test('a guarded route brings a visitor back to itself, and shows what is theirs', async () => {
    const { page, signIn, context } = await world.open('/orders?sort=new')
    await page.waitForURL('**/sign-in/**')
    await signIn('bob')
    await page.getByText('coffee of Bob').waitFor()
    expect(new URL(page.url()).search).toBe('?sort=new')
    await context.close()
  })

  test('another user in another tab meets no loader data of the last one', async () => {
    const { page, context, openAnother, frames, forgetFrames } = await openOrders()
    const other = await openAnother('/welcome')
    // What the router asks for anew comes late.
    const release = world.site.hold('/api/orders')
    forgetFrames()
    await other.signIn('bob')
    await page.bringToFront()
    await page.getByText('One moment…').waitFor()
    world.site.takeApiCalls()
    release()
    await page.getByText('coffee of Bob').waitFor()
    expect((await frames()).join()).not.toContain('Alice')
    expect(world.site.takeApiCalls()).toEqual([{ method: 'GET', user: 'bob', body: '' }])
    await context.close()
  })

  test('a sign-out in another tab takes the route away, and starts no sign-in', async () => {
    const { page, context, openAnother, frames, forgetFrames } = await openOrders()
    const other = await openAnother('/welcome')
    forgetFrames()
    await other.signOut()
    await page.bringToFront()
    await page.getByText('Welcome').waitFor()
    expect((await frames()).join()).not.toContain('Alice')
    world.site.takeAgentCalls()
    // And the next user finds nothing of it, on the same page.
    await other.signIn('bob')
    await page.bringToFront()
    const release = world.site.hold('/api/orders')
    await page.evaluate(() => window.visit('/orders'))
    release()
    await page.getByText('coffee of Bob').waitFor()
    expect((await frames()).join()).not.toContain('Alice')
    await context.close()
  })

  test.runIf(name === 'TanStack Router')(
    'a visitor who points at a link stays where they are',
    async () => {
      const { page, context } = await world.open('/welcome')
      await page.getByText('Welcome').waitFor()
      world.site.takeAgentCalls()
      await page.evaluate(() => window.preload('/orders'))
      await page.evaluate(() => window.preload('/vip'))
      expect(world.site.takeAgentCalls()).toEqual([])
      expect(new URL(page.url()).pathname).toBe('/welcome')
      await page.evaluate(() => window.visit('/orders'))
      await page.waitForURL('**/sign-in/**')
      await context.close()
    },
  )

  test.runIf(name === 'TanStack Router')(
    'what was preloaded for the last user is not shown to the next',
    async () => {
      const { page, context, signIn, openAnother, frames, forgetFrames } =
        await world.open('/welcome')
      await signIn('alice')
      await page.getByText('Welcome').waitFor()
      world.site.takeApiCalls()
      await page.evaluate(() => window.preload('/orders'))
      expect(world.site.takeApiCalls()).toMatchObject([{ user: 'alice' }])
      const other = await openAnother('/welcome')
      await other.signIn('bob')
      await page.bringToFront()
      forgetFrames()
      await page.evaluate(() => window.visit('/orders'))
      await page.getByText('coffee of Bob').waitFor()
      expect((await frames()).join()).not.toContain('Alice')
      await context.close()
    },
  )
})
