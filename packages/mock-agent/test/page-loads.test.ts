// A mock that lives in a page: what it knows outlives the page.
import { expect, test } from 'vitest'
import {
  agentUrl,
  call,
  createTestAgent,
  endLogin,
  origin,
  startLogin,
} from './support/test-agent.ts'

/** A `sessionStorage` of one tab. */
function createStorage() {
  const items = new Map<string, string>()
  return {
    items,
    getItem: (key: string) => items.get(key) ?? null,
    setItem: (key: string, value: string) => void items.set(key, value),
  }
}

test('a login that one page has started is ended by the next one', async () => {
  const storage = createStorage()
  const before = createTestAgent({ storage }).agent
  const callbackUrl = before.completeLogin(await startLogin(before.fetch), { user: 'bob' })
  const after = createTestAgent({ storage }).agent
  expect((await endLogin(after.fetch, callbackUrl)).status).toBe(200)
  const reloaded = createTestAgent({ storage, signedIn: 'alice' }).agent
  expect(await (await call(reloaded.fetch, 'session')).json()).toMatchObject({
    id_token_claims: { name: 'Bob' },
  })
})

test('reset starts anew, for the next page too', async () => {
  const storage = createStorage()
  createTestAgent({ storage, signedIn: 'alice' }).agent.reset()
  const { agent } = createTestAgent({ storage })
  agent.signOut()
  agent.reset()
  const next = createTestAgent({ storage }).agent
  expect(await (await call(next.fetch, 'session')).json()).toEqual({ is_logged_in: false })
})

const askSession = async ({ agent }: ReturnType<typeof createTestAgent>): Promise<unknown> =>
  (await call(agent.fetch, 'session')).json()

/** What a mock stores after a whole login, a refresh, and one more login that has begun. */
async function storeEverything() {
  const storage = createStorage()
  const { agent } = createTestAgent({ storage, responseMode: 'jwt' })
  const callbackUrl = agent.completeLogin(await startLogin(agent.fetch), { user: 'bob' })
  await endLogin(agent.fetch, callbackUrl)
  await call(agent.fetch, 'refresh')
  agent.completeLogin(await startLogin(agent.fetch), { user: 'bob' })
  const [[key = '', text = ''] = []] = storage.items
  return { key, storage, text }
}

test('everything that a mock stores is read again', async () => {
  const { storage, text } = await storeEverything()
  expect(text).toContain('"previous"')
  expect(text).toContain('"renewals":[{')
  expect(text).toContain('"codes":[{')
  expect(await askSession(createTestAgent({ storage }))).toMatchObject({ is_logged_in: true })
})

test('cookies of one page are good on the next', async () => {
  const storage = createStorage()
  const { agent } = createTestAgent({ storage, cookies: 'real' })
  const cookie = agent.sessionCookies('bob').map(({ name, value }) => `${name}=${value}`)
  const headers = { cookie: cookie.join('; '), origin, 'token-handler-version': '1' }
  const request = new Request(`${agentUrl}/session`, { headers })
  const answer = await createTestAgent({ storage, cookies: 'real' }).agent.handle(request)
  expect(await answer?.json()).toMatchObject({ id_token_claims: { name: 'Bob' } })
})

test.each([
  ['no JSON', () => 'garbage'],
  ['another JSON', () => '{"servers":[]}'],
  ['a state without its cookies', (text: string) => text.replace('"browser"', '"browsers"')],
  ['a state with a broken session', (text: string) => text.replaceAll('"grant":', '"grants":')],
  ['a state with a user that is gone', (text: string) => text.replaceAll('"bob"', '"carol"')],
])('with %s in the storage, a mock starts afresh', async (_title, change) => {
  const { key, storage, text } = await storeEverything()
  expect(change(text)).not.toBe(text)
  storage.items.set(key, change(text))
  const next = createTestAgent({ storage })
  expect(await askSession(next)).toEqual({ is_logged_in: false })
  next.agent.signIn('alice')
  expect(await askSession(createTestAgent({ storage }))).toMatchObject({ is_logged_in: true })
})
