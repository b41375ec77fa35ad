// Two users of one browser, one after the other, with nothing but the SDK.
import { findBrowser } from 'e2e/browser'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { appDocument, bundle } from '../src/bundle-guide.ts'
import { startWorld } from '../src/world.ts'
import type { World } from '../src/world.ts'

const app = `
  import { createTokenHandlerClient } from '@token-handler/client'
  import { RequireSession, TokenHandlerProvider, useTokenHandler } from '@token-handler/react'
  import { useEffect, useState } from 'react'
  import { createRoot } from 'react-dom/client'

  const client = createTokenHandlerClient({ agentUrl: '/oauth-agent', apiUrls: ['/api/'], callbackPath: '/callback' })
  window.tokenHandler = client
  window.told = []
  client.on('userChanged', ({ previous, current }) =>
    window.told.push([previous?.sub, current.sub, client.getSnapshot().status]))

  function Orders() {
    const { fetch } = useTokenHandler()
    const [orders, setOrders] = useState('')
    useEffect(() => {
      fetch('/api/orders').then((answer) => answer.text()).then(setOrders, () => {})
    }, [fetch])
    return <p>{orders}</p>
  }

  const { returnTo } = await client.load()
  if (returnTo) history.replaceState(null, '', returnTo)
  createRoot(document.getElementById('root')).render(
    <TokenHandlerProvider client={client}>
      <RequireSession fallback={<p>Welcome</p>}>
        {({ claims }) => <><h1>Hello {claims.name}</h1><Orders key={claims.sub} /></>}
      </RequireSession>
    </TokenHandlerProvider>,
  )`

let world: World
beforeAll(async () => {
  world = await startWorld()
  world.site.publish({
    '/index.html': appDocument,
    '/app.js': await bundle(app),
    '/elsewhere.txt': 'A page without the app.',
  })
})
afterAll(() => world.stop())

const told = (page: { evaluate: <T>(read: () => T) => Promise<T> }) =>
  page.evaluate(() => (window as unknown as { told: unknown[] }).told)

test('after a sign-out the next user meets nothing of the last one, and is announced', async () => {
  const alice = await world.open()
  await alice.page.getByText('Welcome').waitFor()
  await alice.signIn('alice')
  await alice.page.getByText('coffee of Alice').waitFor()
  await alice.signOut()
  await alice.page.getByText('Welcome').waitFor()
  alice.forgetFrames()
  await alice.signIn('bob')
  await alice.page.getByText('coffee of Bob').waitFor()
  expect((await alice.frames()).join()).not.toContain('of Alice')
  expect(await alice.storage()).not.toMatch(/alice/i)
  expect(await told(alice.page)).toEqual([[undefined, 'bob', 'loading']])
})

test('a session that ended while no page was open is the same', async () => {
  const { page, context, signIn, goto, frames, forgetFrames } = await world.open()
  await signIn('alice')
  await page.getByText('coffee of Alice').waitFor()
  await page.goto('about:blank')
  await context.clearCookies()
  forgetFrames()
  await goto('/')
  await page.getByText('Welcome').waitFor()
  await signIn('bob')
  await page.getByText('coffee of Bob').waitFor()
  expect((await frames()).join()).not.toContain('of Alice')
  expect(await told(page)).toEqual([[undefined, 'bob', 'loading']])
})

test('the same user, signed in again, is nobody new', async () => {
  const { page, signIn, signOut } = await world.open()
  await signIn('alice')
  await signOut()
  await page.getByText('Welcome').waitFor()
  await signIn('alice')
  await page.getByText('coffee of Alice').waitFor()
  expect(await told(page)).toEqual([])
})

test('"back" to the page of the last user shows none of it, while the agent has still to answer', async ({
  annotate,
}) => {
  const { page, context, signIn, goto, openAnother, frames, forgetFrames } = await world.open()
  await signIn('alice')
  await page.getByText('coffee of Alice').waitFor()
  await page.evaluate(() => {
    window.addEventListener('pageshow', ({ persisted }) => {
      if (persisted) document.title = 'restored'
    })
  })
  expect((await frames()).join()).toContain('coffee of Alice')
  // A page that holds a lock is not kept.
  const countLocks = () => page.evaluate(async () => (await navigator.locks.query()).held?.length)
  await expect.poll(countLocks).toBe(0)
  await goto('/elsewhere.txt')
  const other = await openAnother('/')
  await other.signOut()
  await other.page.getByText('Welcome').waitFor()
  await other.signIn('bob')
  await other.page.getByText('coffee of Bob').waitFor()
  await other.page.close()
  const release = world.site.hold('/oauth-agent/session')
  forgetFrames()
  await page.evaluate(() => void setTimeout(() => history.back()))
  const readPath = () => page.evaluate(() => location.pathname).catch(() => '')
  await expect.poll(readPath).toBe('/')
  await expect.poll(() => world.site.takeAgentCalls().includes('session')).toBe(true)
  if ((await findBrowser()).hasBackForwardCache) expect(await page.title()).toBe('restored')
  else await annotate('This Chromium has no back/forward cache: the page was loaded anew.')
  release()
  await page.getByText('coffee of Bob').waitFor()
  expect((await frames()).join()).not.toContain('Alice')
  await context.close()
})
