// Sessions whose tokens do not fit into cookies: an id and a key in the cookies, the sealed rest in the store.
import { expect, it, vi } from 'vitest'
import { createOAuthAgent } from '../../src/agent/oauth-agent.ts'
import { createOAuthProxy } from '../../src/proxy/oauth-proxy.ts'
import { renewed, sessionExpired } from '../support/answers.ts'
import { callApi } from '../support/call-api.ts'
import { createMemoryStore } from '../support/memory-store.ts'
import { createWorld, isSignedIn, signIn } from '../support/world.ts'

const MINUTE = 60_000

/** Alice, signed in with tokens of 8 kB, at an agent with a store. */
async function createStored(session: { lifetime?: number; idleTimeout?: number } = {}) {
  const world = await createWorld({
    accessTokenLength: 8000,
    claims: { groups: Array.from({ length: 200 }, () => crypto.randomUUID()) },
    configuration: {
      redis: { url: 'redis://redis.internal' },
      routes: [{ path: '/api', upstream: 'http://127.0.0.1:1' }],
      session: { store: 'redis', ...session },
    },
  })
  const { clock, configuration, lines, newBrowser, server } = world
  const store = createMemoryStore(() => clock.now)
  const record = (fields: object, message: string) => {
    lines.push(JSON.stringify({ message, ...fields }))
  }
  const log = { debug: record, info: record, warn: record, error: record }
  const ports = { fetch: server.fetch, now: () => clock.now, log, store }
  const browser = newBrowser(createOAuthAgent(configuration, ports))
  const proxy = createOAuthProxy(configuration, ports)
  await signIn(world, browser)
  const call = (cookies: ReadonlyMap<string, string> = browser.cookies) => callApi(proxy, cookies)
  return { ...world, browser, callApi: call, store }
}

it('sign-in, API call and refresh work with tokens of 8 kB, and cookies stay small', async () => {
  const { browser, callApi } = await createStored()
  expect(await isSignedIn(browser)).toBe(true)
  expect(await callApi()).toMatchObject({ kind: 'forward' })
  expect(await browser.post('/refresh')).toMatchObject(renewed)
  const decision = await callApi()
  expect(JSON.stringify(decision).length).toBeGreaterThan(8000)
  expect([...browser.cookies.values()].join('').length).toBeLessThan(1000)
})

it('neither the store alone nor the cookies alone give a token away', async () => {
  const { browser, server, store } = await createStored()
  const text = JSON.stringify([...store.entries])
  const cookies = [...browser.cookies.values()].join()
  for (const secret of [...server.secrets, 'alice', cookies]) {
    expect(text.includes(secret) || (cookies.includes(secret) && secret !== cookies)).toBe(false)
  }
  store.entries.clear()
  expect(await isSignedIn(browser)).toBe(false)
})

it('an entry opens for its own cookie only', async () => {
  const { browser, store } = await createStored()
  const names = [...store.entries.keys()].filter((name) => name.includes(':session:'))
  const [name = ''] = names
  await signIn(await createWorld(), browser).catch(() => undefined)
  const other = await createStored()
  const [foreign] = [...other.store.entries].filter(([key]) => key.includes(':session:'))
  if (foreign) store.entries.set(name, foreign[1])
  expect(await isSignedIn(browser)).toBe(false)
})

it('a sign-out deletes what is in the store', async () => {
  const { browser, callApi, store, clock } = await createStored()
  const copy = new Map(browser.cookies)
  await browser.post('/logout')
  expect(await callApi(copy)).toMatchObject({ kind: 'refuse', code: 'unauthorized' })
  clock.now += 1
  const alive = [...store.entries].filter(
    ([name, { until }]) => /:(?:proxy|session):/.test(name) && until > clock.now,
  )
  expect(alive).toEqual([])
})

it('a refresh retires what it replaces, when latecomers have had their time', async () => {
  const { browser, clock } = await createStored()
  const old = new Map(browser.cookies)
  await browser.post('/refresh')
  const current = new Map(browser.cookies)
  const set = (cookies: ReadonlyMap<string, string>) => {
    for (const [name, value] of cookies) browser.cookies.set(name, value)
  }
  set(old)
  expect(await isSignedIn(browser)).toBe(true)
  clock.now += MINUTE
  expect(await isSignedIn(browser)).toBe(false)
  set(current)
  expect(await isSignedIn(browser)).toBe(true)
})

it('a session ends when nobody uses it, and each use puts that off', async () => {
  const { browser, clock } = await createStored({ idleTimeout: 600 })
  for (let count = 0; count < 3; count++) {
    clock.now += 9 * MINUTE
    expect(await isSignedIn(browser)).toBe(true)
  }
  clock.now += 10 * MINUTE + 1
  expect(await browser.post('/refresh')).toMatchObject(sessionExpired)
})

it('a session ends after its lifetime, however much it is used', async () => {
  const { browser, clock } = await createStored({ lifetime: 600 })
  clock.now += 9 * MINUTE
  expect((await browser.post('/refresh')).body).toEqual({ access_token_expires_in: 60 })
  clock.now += MINUTE
  expect(await browser.post('/refresh')).toMatchObject(sessionExpired)
})

it('while the store is away, answers are 503 and no cookie changes', async () => {
  const { browser, callApi, store } = await createStored()
  vi.spyOn(store.sessions, 'get').mockRejectedValue(new Error('gone'))
  const unavailable = {
    status: 503,
    body: { error_code: 'temporarily_unavailable' },
    setCookies: [],
  }
  expect(await browser.post('/refresh')).toMatchObject(unavailable)
  expect(await browser.get('/session')).toMatchObject(unavailable)
  expect(await callApi()).toMatchObject({ kind: 'refuse', code: 'temporarily_unavailable' })
  expect((await browser.post('/logout')).status).toBe(200)
  expect(browser.cookies.size).toBe(0)
})

it('sessions in a store need a store', async () => {
  await expect(createWorld({ configuration: { session: { store: 'redis' } } })).rejects.toThrow(
    /session\.store.*redis\.url/,
  )
})
