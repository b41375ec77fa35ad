// A mock that lives in a page: what it knows outlives the page.
import { expect, test } from 'vitest'
import { call, createTestAgent, endLogin, startLogin } from './support/test-agent.ts'

/** A `sessionStorage` of one tab. */
function createStorage() {
  const items = new Map<string, string>()
  return {
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
