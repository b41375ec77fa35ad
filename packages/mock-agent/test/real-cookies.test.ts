// Several browsers on one mock, told apart by real cookies. What every agent does with cookies stands in
// the conformance suite; here is what only a mock can do.
import { tokenHandler1 } from '@token-handler/contract'
import { expect, test } from 'vitest'
import { createTestAgent, origin } from './support/test-agent.ts'

const createAgent = () => createTestAgent({ cookies: 'real' }).agent
type Agent = ReturnType<typeof createAgent>

const sessionUrl = 'https://api.example.com/oauth-agent/session'

async function nameOf(agent: Agent, cookies: readonly { name: string; value: string }[]) {
  const cookie = cookies.map(({ name, value }) => `${name}=${value}`).join('; ')
  const headers = { ...tokenHandler1.headers, origin, cookie }
  const session = (await (await agent.fetch(sessionUrl, { headers })).json()) as {
    id_token_claims?: { name: string }
  }
  return session.id_token_claims?.name
}

test('two browsers have a user each', async () => {
  const agent = createAgent()
  const [alice, bob] = [agent.sessionCookies('alice'), agent.sessionCookies('bob')]
  expect(await nameOf(agent, alice)).toBe('Alice')
  expect(await nameOf(agent, bob)).toBe('Bob')
  expect(await nameOf(agent, [])).toBeUndefined()
})

test('cookies are what Playwright puts into a browser', () => {
  expect(createAgent().sessionCookies('alice')[1]).toEqual({
    name: '__Host-Http-th-session',
    value: expect.stringMatching(/^[\w-]{40,}$/),
    url: 'https://api.example.com/oauth-agent',
    httpOnly: true,
    secure: true,
    sameSite: 'Strict',
  })
})

test.each<[string, (agent: Agent) => void]>([
  ['a new cookie key', (agent) => agent.rotateCookieKey()],
  ['a reset', (agent) => agent.reset()],
])('%s makes every cookie unreadable, and new ones are fine', async (_what, happen) => {
  const agent = createAgent()
  const cookies = agent.sessionCookies('alice')
  happen(agent)
  const anew = agent.sessionCookies('alice')
  expect(await nameOf(agent, cookies)).toBeUndefined()
  expect(await nameOf(agent, anew)).toBe('Alice')
})

test('a mock does not take the cookies of another one', async () => {
  const cookies = createAgent().sessionCookies('alice')
  const other = createAgent()
  other.sessionCookies('bob')
  expect(await nameOf(other, cookies)).toBeUndefined()
})

test('a silent sign-in gives nobody the session of another browser', async () => {
  const agent = createAgent()
  agent.sessionCookies('alice')
  const silent = (prompt: string): string =>
    `https://login.example/authorize?prompt=${prompt}&redirect_uri=${origin}/&state=x`
  const callbackUrl = agent.completeLogin(silent('none'), { user: 'alice' })
  expect(new URL(callbackUrl).searchParams.get('error')).toBe('login_required')
  const page = await agent.fetch(silent('none'))
  expect(await page.text()).toContain('login_required')
})

test('controls of the one virtual browser say what to use instead', () => {
  const agent = createAgent()
  expect(() => agent.signIn('alice')).toThrow('Put sessionCookies(user) into a browser instead.')
  expect(() => agent.switchUser('bob')).toThrow('switchUser')
  expect(() => agent.signOut()).toThrow('signOut')
  expect(() => createTestAgent({ cookies: 'real', signedIn: 'alice' })).toThrow('signedIn')
  expect(() => createTestAgent().agent.sessionCookies('alice')).toThrow("cookies: 'real'")
})
