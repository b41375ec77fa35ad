// What a web host learns of the session that a request carries, and what it does not.
import { cookieName } from '@token-handler/contract'
import { describe, expect, it } from 'vitest'
import { endUserSessions } from '../../src/agent/end-user-sessions.ts'
import { createSessionReader } from '../../src/agent/read-session.ts'
import { createMemoryStore } from '../support/memory-store.ts'
import { proxyName, sessionName } from '../support/answers.ts'
import { bind, boundName, offered, offerOf } from '../support/device.ts'
import { tamper } from '../support/tamper.ts'
import { createTestConfiguration, createWorld, signIn } from '../support/world.ts'
import type { WorldOptions } from '../support/world.ts'

/** Signs a user in; `read` sends cookies as a navigation from the site of this name would. */
async function signedIn(options: WorldOptions = {}) {
  const world = await createWorld(options)
  await signIn(world, world.browser)
  const { cookies } = world.browser
  const ports = { now: () => world.clock.now }
  const readSession = createSessionReader(world.configuration, ports)
  const cookieHeader = () => [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
  const read = (site: string | null = 'same-origin', cookie = cookieHeader()) =>
    readSession(
      new Request('https://www.app.example/', {
        headers: { ...(site !== null && { 'sec-fetch-site': site }), cookie },
      }),
    )
  return { ...world, cookies, cookieHeader, read, readSession }
}

const unauthenticated = { status: 'unauthenticated', reason: 'none' }
const loading = { status: 'loading' }

describe('a request with a session', () => {
  it.each(['same-origin', 'same-site', 'none', 'cross-site', null])(
    'from %s is of whoever is signed in, in the form of the SDK',
    async (site) => {
      const { clock, read } = await signedIn({ configuration: { session: { lifetime: 3600 } } })
      expect(await read(site)).toEqual({
        status: 'authenticated',
        claims: expect.objectContaining({ sub: 'alice' }),
        stale: false,
        accessTokenExpiresAt: clock.now + 300_000,
        sessionExpiresAt: clock.now + 3_600_000,
      })
    },
  )

  it('can be one of Node, whose headers are an object', async () => {
    const { cookieHeader, readSession } = await signedIn()
    const headers = { cookie: cookieHeader() }
    expect(await readSession({ headers })).toMatchObject({ status: 'authenticated' })
  })

  it('tells no token, and nothing that could be turned into one', async () => {
    const { cookies, read, server } = await signedIn()
    const told = JSON.stringify(await read())
    const secrets = [...server.secrets, ...cookies.values()]
    expect(secrets.length).toBeGreaterThan(4)
    expect(secrets.filter((secret) => told.includes(secret))).toEqual([])
  })

  it('asks the authorization server nothing', async () => {
    const { read, server } = await signedIn()
    const before = { ...server.calls }
    await read()
    expect(server.calls).toEqual(before)
  })

  it('is signed out once the session has ended', async () => {
    const { clock, read } = await signedIn({ configuration: { session: { lifetime: 60 } } })
    clock.now += 60_000
    expect(await read()).toEqual(unauthenticated)
  })
})

describe('a request without a session', () => {
  it.each([
    ['same-origin', unauthenticated],
    ['same-site', unauthenticated],
    ['none', unauthenticated],
    ['cross-site', loading],
    ['anything else', loading],
    [null, loading],
  ])('from %s is %o', async (site, expected) => {
    const { read } = await signedIn()
    expect(await read(site, '')).toEqual(expected)
  })

  it.each([
    ['tampered with', (value: string) => `${sessionName}=${tamper(value)}`],
    ['that of the proxy', (value: string) => `${sessionName}=${value}`, proxyName],
    [
      'of another name',
      (value: string) => `${cookieName('__Host-Http-other', 'session')}=${value}`,
    ],
  ])('is one whose cookie is %s', async (_, cookie, name = sessionName) => {
    const { cookies, read } = await signedIn()
    expect(await read('same-origin', cookie(cookies.get(name) ?? ''))).toEqual(unauthenticated)
  })

  it('is one with a cookie of another client, although the secret is the same', async () => {
    const { cookieHeader } = await signedIn()
    const other = createTestConfiguration({ configuration: { client: { id: 'another' } } })
    const readSession = createSessionReader(other, { now: Date.now })
    const headers = { cookie: cookieHeader(), 'sec-fetch-site': 'same-origin' }
    expect(await readSession({ headers })).toEqual(unauthenticated)
  })
})

it('cannot tell which of two cookies of one name was planted, and leaves it to the browser', async () => {
  const { cookieHeader, read } = await signedIn()
  expect(await read('same-origin', `${cookieHeader()}; ${cookieHeader()}`)).toEqual(loading)
})

it('is signed out when the session was ended from elsewhere', async () => {
  const { clock, configuration, cookieHeader, server } = await signedIn()
  const store = createMemoryStore(() => clock.now)
  const now = () => clock.now
  const log = { debug() {}, info() {}, warn() {}, error() {} }
  const readSession = createSessionReader(configuration, { now, store })
  const request = { headers: { cookie: cookieHeader(), 'sec-fetch-site': 'same-origin' } }
  expect(await readSession(request)).toMatchObject({ status: 'authenticated' })
  await endUserSessions(configuration, { fetch: server.fetch, log, now, store }, 'alice')
  await expect.poll(() => readSession(request)).toEqual(unauthenticated)
})

it('tells nothing of a session that is bound to a device without a proof of it', async () => {
  const { browser, clock, configuration, ...world } = await createWorld(offered)
  await bind(browser, offerOf(await signIn({ browser, clock, configuration, ...world }, browser)))
  const readSession = createSessionReader(configuration, { now: () => clock.now })
  const read = (without?: string) => {
    const pairs = [...browser.cookies].filter(([name]) => name !== without)
    const cookie = pairs.map(([name, value]) => `${name}=${value}`).join('; ')
    return readSession({ headers: { cookie, 'sec-fetch-site': 'same-origin' } })
  }
  expect(await read()).toMatchObject({ status: 'authenticated' })
  expect(await read(boundName)).toEqual(loading)
  clock.now += 600_000
  expect(await read()).toEqual(loading)
})
