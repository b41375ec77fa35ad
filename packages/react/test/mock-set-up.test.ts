// One call sets up a file's tests: server, reset, and a fresh client for each test.
import { setupMockAgent } from '@token-handler/mock-agent/vitest'
import { expect, test } from 'vitest'

const agentUrl = 'https://api.example.com/oauth-agent'
const ordersUrl = 'https://api.example.com/api/orders'
const { agent, page, server } = setupMockAgent({
  agentUrl,
  redirectUri: '/callback',
  users: { alice: { claims: { sub: 'alice', name: 'Alice' } } },
})
agent.protect(ordersUrl, ({ claims }) => Response.json(`Beans for ${claims.name}`))

/** As an app does: a module that makes the one client. */
async function openApp(url = '/') {
  page.open(url)
  const { tokenHandler } = await import('./support/app-client.ts')
  await tokenHandler.load()
  return tokenHandler
}

test('a signed-in user gets orders, through the global fetch', async () => {
  agent.signIn('alice')
  const tokenHandler = await openApp()
  expect(await (await tokenHandler.fetch(ordersUrl)).json()).toBe('Beans for Alice')
})

test('nothing of it is left in the next test', async () => {
  expect((await openApp()).getSnapshot()).toMatchObject({ status: 'unauthenticated' })
  expect(agent.calls()).toHaveLength(1)
})

// The page before had found out that nobody is signed in, and the next one believed it.
test('a user who signs in after a visitor was there is signed in on the next page', async () => {
  await openApp()
  agent.signIn('alice')
  expect((await openApp()).getSnapshot()).toMatchObject({ status: 'authenticated' })
  agent.signOut()
  const client = await openApp()
  await client.session()
  expect(client.getSnapshot()).toMatchObject({ status: 'unauthenticated' })
})

// The client's protection against loops counts sign-ins that no click has led to.
test.each([1, 2, 3, 4])('a visitor signs in, in test %i of the file', async () => {
  const tokenHandler = await openApp('/orders?page=2')
  void tokenHandler.login()
  await expect.poll(() => page.departures).toHaveLength(1)
  const callbackUrl = agent.completeLogin(page.departures[0] ?? '', { user: 'alice' })
  const after = await openApp(callbackUrl)
  expect(after).not.toBe(tokenHandler)
  expect(await after.load()).toMatchObject({
    session: { status: 'authenticated' },
    returnTo: '/orders?page=2',
  })
  expect(location.pathname).toBe('/callback')
})

test('clients of pages before stay silent when the page is shown, or comes back online', async () => {
  agent.signIn('alice')
  const before = await openApp()
  const steps: string[] = []
  before.on('trace', ({ kind }) => void steps.push(kind))
  const now = await openApp()
  steps.length = 0
  agent.advance(3_600_000)
  document.dispatchEvent(new Event('visibilitychange'))
  window.dispatchEvent(new Event('online'))
  window.dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))
  await now.session()
  expect(steps).toEqual([])
})

test('three sign-ins of one test are no loop when the mock is reset between them', async () => {
  for (let count = 1; count <= 3; count += 1) {
    const tokenHandler = await openApp()
    void tokenHandler.login()
    await expect.poll(() => page.departures).toHaveLength(1)
    agent.reset()
  }
})

test('what the mock does not know goes to the handlers of the test', async () => {
  const { http } = await import('msw')
  server.use(http.get('https://cdn.example/prices', () => Response.json([1])))
  expect(await (await fetch('https://cdn.example/prices')).json()).toEqual([1])
})
