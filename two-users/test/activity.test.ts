// A part of the page that React keeps hidden (<Activity>), while its user signs out and another one signs in.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { appDocument, bundle } from '../src/bundle-guide.ts'
import { startWorld } from '../src/world.ts'
import type { World } from '../src/world.ts'

declare global {
  interface Window {
    /** What the guarded part has rendered and run, with the name it had. */
    readonly ran: string[]
    readonly show: (mode: 'visible' | 'hidden') => void
  }
}

const app = `
  import { createTokenHandlerClient } from '@token-handler/client'
  import { RequireSession, TokenHandlerProvider, useSession } from '@token-handler/react'
  import { Activity, useEffect, useLayoutEffect, useState } from 'react'
  import { flushSync } from 'react-dom'
  import { createRoot } from 'react-dom/client'

  const client = createTokenHandlerClient({ agentUrl: '/oauth-agent', apiUrls: ['/api/'], callbackPath: '/callback',
    // What comes after a sign-out shall come on this page.
    platform: { navigate: (url) => window.stays || location.assign(url) } })
  window.tokenHandler = client
  window.ran = []

  function Account({ name }) {
    const selected = useSession((session) => session.claims?.name)
    window.ran.push('render ' + name + ' ' + selected)
    useLayoutEffect(() => void window.ran.push('layout effect ' + name))
    useEffect(() => void window.ran.push('effect ' + name))
    return <p>Account of {name}</p>
  }
  function App() {
    const [mode, setMode] = useState('visible')
    window.show = (next) => flushSync(() => setMode(next))
    return (
      <>
        <h1>{mode}</h1>
        <Activity mode={mode}>
          <RequireSession fallback={<p>Welcome</p>}>{({ claims }) => <Account name={claims.name} />}</RequireSession>
        </Activity>
      </>
    )
  }
  const { returnTo } = await client.load()
  if (returnTo) history.replaceState(null, '', returnTo)
  createRoot(document.getElementById('root')).render(<TokenHandlerProvider client={client}><App /></TokenHandlerProvider>)`

let world: World
beforeAll(async () => {
  world = await startWorld()
  world.site.publish({ '/index.html': appDocument, '/app.js': await bundle(app) })
})
afterAll(() => world.stop())

async function openHidden() {
  const tab = await world.open()
  await tab.signIn('alice')
  await tab.page.getByText('Account of Alice').waitFor()
  expect(await tab.page.evaluate(() => window.ran)).toContain('effect Alice')
  await tab.page.evaluate(() => window.show('hidden'))
  await tab.page.getByText('Account of Alice').waitFor({ state: 'hidden' })
  await tab.page.evaluate(() => void (window.ran.length = 0))
  expect((await tab.frames()).at(-1)).toBe('hidden')
  tab.forgetFrames()
  return tab
}

test('shown again after a sign-out it has no frame and no effect of the last user', async () => {
  const { page, frames } = await openHidden()
  // At once: React has had no time to render what is hidden.
  await page.evaluate(async () => {
    Object.assign(window, { stays: true })
    await window.tokenHandler.logout()
    window.show('visible')
  })
  await page.getByText('Welcome').waitFor()
  expect(await page.evaluate(() => window.ran)).toEqual([])
  expect((await frames()).join()).not.toContain('Alice')
})

test('shown again after another user has signed in it has no frame and no effect of the last user', async () => {
  const { page, frames, openAnother } = await openHidden()
  const other = await openAnother('/')
  await other.signOut()
  await other.signIn('bob')
  await other.page.getByText('Account of Bob').waitFor()
  await page.bringToFront()
  await page.evaluate(() => window.show('visible'))
  await page.getByText('Account of Bob').waitFor()
  expect((await page.evaluate(() => window.ran)).join()).not.toContain('Alice')
  expect((await frames()).join()).not.toContain('Alice')
})
