// The virtual authorization server: silent sign-in, step-up, signed responses, the sign-in page.
import { expect, test } from 'vitest'
import { call, createTestAgent, endLogin, startLogin } from './support/test-agent.ts'

type Agent = ReturnType<typeof createTestAgent>['agent']

async function errorOf(agent: Agent, parameters: Record<string, string>, user: 'alice' | 'bob') {
  const url = agent.completeLogin(await startLogin(agent.fetch, parameters), { user })
  return new URL(url).searchParams.get('error')
}

async function claimsOf(agent: Agent, callbackUrl: string): Promise<unknown> {
  const response = await endLogin(agent.fetch, callbackUrl)
  return ((await response.json()) as { id_token_claims: unknown }).id_token_claims
}

test('a silent sign-in needs somebody who has signed in before, and gives nobody else', async () => {
  const { agent } = createTestAgent()
  expect(await errorOf(agent, { prompt: 'none' }, 'alice')).toBe('login_required')
  agent.signIn('alice')
  expect(await errorOf(agent, { prompt: 'none' }, 'alice')).toBeNull()
  expect(await errorOf(agent, { prompt: 'none' }, 'bob')).toBe('login_required')
})

test.each(['signOut', 'expireSession'] as const)(
  'after %s there is nobody left to sign in silently',
  async (event) => {
    const { agent } = createTestAgent({ signedIn: 'alice' })
    agent[event]()
    expect(await errorOf(agent, { prompt: 'none' }, 'alice')).toBe('login_required')
  },
)

test('after a logout there is nobody left to sign in silently', async () => {
  const { agent } = createTestAgent({ signedIn: 'alice' })
  await call(agent.fetch, 'logout')
  expect(await errorOf(agent, { prompt: 'none' }, 'alice')).toBe('login_required')
})

test('a lost cookie key leaves the session at the authorization server alone', async () => {
  const { agent } = createTestAgent({ signedIn: 'alice' })
  agent.rotateCookieKey()
  expect(await (await call(agent.fetch, 'session')).json()).toEqual({ is_logged_in: false })
  expect((await call(agent.fetch, 'refresh')).status).toBe(401)
  expect(await errorOf(agent, { prompt: 'none' }, 'alice')).toBeNull()
})

test('a silent sign-in honours max_age and acr_values', async () => {
  const { agent } = createTestAgent()
  agent.signIn('alice', { acr: 'password' })
  agent.advance(60_000)
  const silent = (parameters: Record<string, string>) =>
    errorOf(agent, { prompt: 'none', ...parameters }, 'alice')
  expect(await silent({ max_age: '60' })).toBeNull()
  expect(await silent({ max_age: '59' })).toBe('login_required')
  expect(await silent({ acr_values: 'mfa password' })).toBeNull()
  expect(await silent({ acr_values: 'mfa' })).toBe('login_required')
})

test('the ID token says how and when the user signed in, where the SPA asked', async () => {
  const { agent } = createTestAgent()
  const plain = agent.completeLogin(await startLogin(agent.fetch), { user: 'alice' })
  expect(await claimsOf(agent, plain)).toEqual({ sub: 'alice-1', name: 'Alice' })
  const url = await startLogin(agent.fetch, { acr_values: 'mfa', max_age: '0' })
  const stepUp = agent.completeLogin(url, { user: 'alice' })
  expect(await claimsOf(agent, stepUp)).toMatchObject({ acr: 'mfa', auth_time: 1000 })
})

test('with signed responses only the server’s own is taken, once', async () => {
  const { agent } = createTestAgent({ responseMode: 'jwt' })
  const url = agent.completeLogin(await startLogin(agent.fetch), { user: 'alice' })
  expect([...new URL(url).searchParams.keys()]).toEqual(['response'])
  expect((await endLogin(agent.fetch, `${url}x`)).status).toBe(400)
  expect(await claimsOf(agent, url)).toMatchObject({ name: 'Alice' })
  expect((await endLogin(agent.fetch, url)).status).toBe(400)
})

const openPage = async (agent: Agent, parameters?: Record<string, string>) =>
  agent.fetch(await startLogin(agent.fetch, parameters))

test('the sign-in page lets everybody choose who they are, and loads nothing', async () => {
  const { agent } = createTestAgent()
  const page = await openPage(agent, { acr_values: 'mfa', max_age: '300' })
  expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8')
  const html = await page.text()
  expect(html).toContain('<html lang="en">')
  expect(html).toContain('The app asks for the level mfa.')
  expect(html).not.toMatch(/<script|<link|<img|@import|url\(/)
  const links = [...html.matchAll(/<a href="([^"]+)">([^<]+)<\/a>/g)]
  expect(links.map(([, , label]) => label)).toEqual(['Alice (alice)', 'Bob (bob)', 'Cancel'])
  const [, bob = ''] = links[1] ?? []
  expect(await claimsOf(agent, bob.replaceAll('&amp;', '&'))).toMatchObject({ name: 'Bob' })
})

test('names are text on the sign-in page, whatever they are', async () => {
  const { createMockAgent } = await import('@token-handler/mock-agent')
  const agent = createMockAgent({
    agentUrl: '/oauth-agent',
    users: { eve: { claims: { name: '<img src=x>' } } },
  })
  const response = await agent.fetch(
    'https://login.example/authorize?redirect_uri=http://a.example',
  )
  expect(await response.text()).toContain('&lt;img src=x&gt; (eve)')
})

/** Where a page leads on to by itself. */
const refreshOf = async (page: Response): Promise<string | undefined> =>
  /<meta http-equiv="refresh" content="0; url=([^"]*)">/.exec(await page.text())?.[1]

test('a sign-out carries what the page says to the authorization server, and only that', async () => {
  const { agent } = createTestAgent()
  const form = { ui_locales: 'sv', id_token_hint: 'x', logout_hint: 'alice' }
  const answer = await (await call(agent.fetch, 'logout', form)).json()
  const { searchParams } = new URL((answer as { logout_url: string }).logout_url)
  expect(Object.fromEntries(searchParams)).toEqual({
    client_id: expect.any(String),
    post_logout_redirect_uri: 'https://www.example.com/',
    ui_locales: 'sv',
    logout_hint: 'alice',
  })
})

test('a silent request is sent back at once, and so is a browser that signs out', async () => {
  const { agent } = createTestAgent()
  const silent = await openPage(agent, { prompt: 'none' })
  expect(await refreshOf(silent)).toContain('error=login_required')
  const { logout_url: url } = (await (await call(agent.fetch, 'logout')).json()) as {
    logout_url: string
  }
  expect(await refreshOf(await agent.fetch(url))).toBe('https://www.example.com/')
})
