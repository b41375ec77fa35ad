// Mistakes in how a test is set up, which the mock names, since the app under test stays silent.
import { mockRoute } from '@token-handler/mock-agent/playwright'
import type { PlaywrightTarget } from '@token-handler/mock-agent/playwright'
import { tokenHandler1 } from '@token-handler/contract'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import {
  agentUrl,
  call,
  createTestAgent,
  endLogin,
  origin,
  startLogin,
} from './support/test-agent.ts'

const complaints = vi.spyOn(console, 'error').mockImplementation(() => {})

beforeEach(() => complaints.mockClear())
afterEach(() => vi.unstubAllGlobals())

/** The page is at this URL. */
const openPage = (href: string): unknown => vi.stubGlobal('location', { href, origin })

// A client with a callbackPath leaves a response on any other page alone, and the page shows "Sign in" again.
test.each(['query', 'jwt'] as const)(
  'a page that keeps the response of a sign-in is told about redirectUri, with response mode %s',
  async (responseMode) => {
    const { agent } = createTestAgent({ responseMode })
    openPage(agent.completeLogin(await startLogin(agent.fetch), { user: 'alice' }))
    await call(agent.fetch, 'session')
    expect(complaints).toHaveBeenCalledExactlyOnceWith(
      expect.stringMatching(/did not end the sign-in on \/,.*redirectUri.*callbackPath/s),
    )
    expect(() => agent.expectNoUnexpectedCalls()).toThrow('redirectUri')
    agent.reset()
    expect(() => agent.expectNoUnexpectedCalls()).not.toThrow()
  },
)

// A page that leaves an error alone just shows "Sign in" again.
test.each(['query', 'jwt'] as const)(
  'so is a page that keeps the error of a sign-in, with response mode %s',
  async (responseMode) => {
    const { agent } = createTestAgent({ responseMode })
    openPage(agent.completeLogin(await startLogin(agent.fetch), { error: 'access_denied' }))
    await call(agent.fetch, 'session')
    expect(complaints).toHaveBeenCalledExactlyOnceWith(
      expect.stringMatching(/did not end the sign-in on \/,.*redirectUri.*callbackPath/s),
    )
    expect(() => agent.expectNoUnexpectedCalls()).toThrow('redirectUri')
  },
)

test('so is a page in another process, by its frame', async () => {
  const { agent } = createTestAgent({ cookies: 'real' })
  let answer: Parameters<PlaywrightTarget['route']>[1] | undefined
  await mockRoute({ route: async (_matches, handler) => void (answer = handler) }, agent)
  const send = { headers: { ...tokenHandler1.headers, origin }, credentials: 'include' } as const
  const startUrl = `${agentUrl}/login/start`
  const started = await agent.fetch(startUrl, { method: 'POST', ...send })
  const { authorization_url: url } = (await started.json()) as { authorization_url: string }
  const callbackUrl = agent.completeLogin(url, { user: 'alice' })
  const [cookie = ''] = started.headers.getSetCookie().map((value) => value.split(';')[0])
  await answer?.({
    request: () => ({
      url: () => `${agentUrl}/session`,
      method: () => 'GET',
      allHeaders: async () => ({ ...send.headers, cookie }),
      postData: () => null,
      frame: () => ({ url: () => callbackUrl }),
    }),
    fulfill: async () => {},
    abort: async () => {},
  })
  expect(complaints).toHaveBeenCalledOnce()
})

test.each([
  ['query', { user: 'alice' }],
  ['query', { error: 'access_denied' }],
  ['jwt', { user: 'alice' }],
  ['jwt', { error: 'access_denied' }],
] as const)(
  'a page whose client has ended the sign-in is told nothing, and a reload of it neither, with %s %o',
  async (responseMode, answer) => {
    const { agent } = createTestAgent({ responseMode })
    const callbackUrl = agent.completeLogin(await startLogin(agent.fetch), answer)
    await endLogin(agent.fetch, callbackUrl)
    openPage(callbackUrl)
    await call(agent.fetch, 'session')
    expect(complaints).not.toHaveBeenCalled()
    agent.expectNoUnexpectedCalls()
  },
)

test('a page with a response of somebody else is told nothing', async () => {
  const { agent } = createTestAgent()
  await startLogin(agent.fetch)
  openPage(`${origin}/?code=of-a-payment&state=x`)
  await call(agent.fetch, 'session')
  openPage(`${origin}/?error=card_declined&state=x`)
  await call(agent.fetch, 'session')
  expect(complaints).not.toHaveBeenCalled()
})

test('real cookies over http are refused where no browser would keep them', () => {
  expect(() =>
    createTestAgent({ cookies: 'real', agentUrl: 'http://api.example.com/oauth-agent' }),
  ).toThrow(/needs an agentUrl with https, or on localhost/)
})

test('for a local host they are what Chromium takes', () => {
  const agentUrl = 'http://api.app.localhost:3000/oauth-agent'
  const { agent } = createTestAgent({ cookies: 'real', agentUrl })
  expect(agent.sessionCookies('alice')).toMatchObject([
    { url: 'https://api.app.localhost:3000/oauth-agent', secure: true },
    { url: 'https://api.app.localhost:3000/oauth-agent', secure: true },
  ])
})
