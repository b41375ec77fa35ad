// Behind a service worker that Workbox has built, by the guide's configuration.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { generateSW } from 'workbox-build'
import type { GenerateSWOptions } from 'workbox-build'
import { appDocument, bundle, readGuide } from '../src/bundle-guide.ts'
import { startWorld } from '../src/world.ts'
import type { Tab, World } from '../src/world.ts'

const app = `
  import { createTokenHandlerClient } from '@token-handler/client'
  import { TokenHandlerProvider, useSession, useTokenHandler } from '@token-handler/react'
  import { useEffect, useState } from 'react'
  import { createRoot } from 'react-dom/client'

  void navigator.serviceWorker.register('/sw.js')
  const client = createTokenHandlerClient({ agentUrl: '/oauth-agent', apiUrls: ['/api/'], callbackPath: '/callback' })
  window.tokenHandler = client

  function Orders() {
    const { fetch } = useTokenHandler()
    const [orders, setOrders] = useState('')
    useEffect(() => {
      fetch('/api/orders').then((answer) => answer.text()).then(setOrders, () => {})
    }, [fetch])
    return <p>{orders}</p>
  }
  function Page() {
    const session = useSession()
    return session.status === 'authenticated'
      ? <><h1>Hello {session.claims.name}</h1><Orders key={session.claims.sub} /></>
      : <h1>{session.status}</h1>
  }
  const { returnTo } = await client.load()
  if (returnTo) history.replaceState(null, '', returnTo)
  createRoot(document.getElementById('root')).render(<TokenHandlerProvider client={client}><Page /></TokenHandlerProvider>)`

type WorkboxOptions = Pick<GenerateSWOptions, 'runtimeCaching'> & Record<string, unknown>

let world: World
let script: string
beforeAll(async () => {
  world = await startWorld()
  script = await bundle(app)
})
afterEach(() => world.site.setHeaders({}))
afterAll(() => world.stop())

/** The configuration in the guide, as it is written there. */
async function readConfiguration(): Promise<WorkboxOptions> {
  const code = (await readGuide('pwa')).get('workbox.ts') ?? ''
  const url = `data:text/javascript,${encodeURIComponent(code.replace(' as const', ''))}`
  const { workbox } = (await import(/* @vite-ignore */ url)) as { readonly workbox: WorkboxOptions }
  return workbox
}

/** Publishes the app with a worker, and opens it when the worker controls its page. */
async function openWithWorker(options: WorkboxOptions): Promise<Tab> {
  const folder = await mkdtemp(join(tmpdir(), 'two-users-'))
  try {
    const files = { '/index.html': appDocument, '/app.js': script }
    for (const [path, content] of Object.entries(files)) await writeFile(folder + path, content)
    const swDest = join(folder, 'sw.js')
    await generateSW({
      ...options,
      globDirectory: folder,
      swDest,
      inlineWorkboxRuntime: true,
      mode: 'development',
      sourcemap: false,
    })
    world.site.publish({ ...files, '/sw.js': await readFile(swDest, 'utf8') })
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
  const tab = await world.open()
  await tab.page.evaluate(() => navigator.serviceWorker.ready)
  await tab.page.waitForFunction(() => navigator.serviceWorker.controller !== null)
  return tab
}

/** Alice signs in, loads the page often enough for any cache, and signs out; then Bob signs in. */
async function expectBobToBeBob(tab: Tab): Promise<void> {
  const { page, signIn, signOut, goto, frames, forgetFrames } = tab
  await signIn('alice')
  for (const path of ['/?1', '/?2']) {
    await goto(path)
    await page.getByText('coffee of Alice').waitFor()
  }
  await signOut()
  await page.getByText('unauthenticated').waitFor()
  forgetFrames()
  await signIn('bob')
  await page.getByText('coffee of Bob').waitFor()
  for (const path of ['/?3', '/?4']) {
    await goto(path)
    await page.getByText('coffee of Bob').waitFor()
  }
  expect((await frames()).join()).not.toContain('of Alice')
  expect((await frames()).join()).not.toContain('Hello Alice')
  expect(await tab.storage()).not.toMatch(/alice/i)
}

test('the next user is who the agent says, and nothing of the last one is in a cache', async () => {
  const tab = await openWithWorker(await readConfiguration())
  await expectBobToBeBob(tab)
  const names = await tab.page.evaluate(() => caches.keys())
  expect(names).toEqual([expect.stringContaining('precache')])
  await tab.context.close()
})

test('slow answers of agent and API are waited for, and replaced by no older one', async () => {
  const tab = await openWithWorker(await readConfiguration())
  const { page, signIn, signOut, goto, frames, forgetFrames } = tab
  await signIn('alice')
  await page.getByText('coffee of Alice').waitFor()
  await signOut()
  await page.getByText('unauthenticated').waitFor()
  await signIn('bob')
  await page.getByText('coffee of Bob').waitFor()
  const releases = [world.site.hold('/oauth-agent/session'), world.site.hold('/api/orders')]
  forgetFrames()
  await goto('/')
  for (const release of releases) release()
  await page.getByText('coffee of Bob').waitFor()
  expect((await frames()).join()).not.toContain('Alice')
  await tab.context.close()
})

test('a page that starts offline shows nobody, and its user when the network is back', async () => {
  const { page, context, signIn, goto } = await openWithWorker(await readConfiguration())
  await signIn('alice')
  await page.getByText('coffee of Alice').waitFor()
  await context.setOffline(true)
  await goto('/')
  await page.getByRole('heading', { name: 'error' }).waitFor()
  await context.setOffline(false)
  await page.getByText('coffee of Alice').waitFor()
  await context.close()
})

test('what varies by everything is stored by no worker, whatever it is told', async () => {
  const greedy = { urlPattern: /\/(?:oauth-agent|api)\//, handler: 'StaleWhileRevalidate' } as const
  const options = { ...(await readConfiguration()), runtimeCaching: [greedy] }
  world.site.setHeaders({ vary: '*' })
  const tab = await openWithWorker(options)
  await expectBobToBeBob(tab)
  await tab.context.close()
})
