// Sessions that the authorization server ends: OpenID Connect Back-Channel Logout 1.0, and an operator's end.
import { describe, expect, it, vi } from 'vitest'
import { createOAuthAgent } from '../../src/agent/oauth-agent.ts'
import { endUserSessions } from '../../src/agent/end-user-sessions.ts'
import { createOAuthProxy } from '../../src/proxy/oauth-proxy.ts'
import { renewed, sessionExpired } from '../support/answers.ts'
import { agentUrl } from '../support/browser.ts'
import type { Browser } from '../support/browser.ts'
import { callApi } from '../support/call-api.ts'
import { createMemoryStore } from '../support/memory-store.ts'
import { createWorld, isSignedIn, signIn } from '../support/world.ts'

const event = { 'http://schemas.openid.net/event/backchannel-logout': {} }

/** Two instances with a store, and alice signed in at the first. */
async function createFleet(claims?: Record<string, unknown>) {
  const world = await createWorld({
    ...(claims && { claims }),
    configuration: { routes: [{ path: '/api', upstream: 'http://127.0.0.1:1' }] },
  })
  const { clock, server, configuration, lines } = world
  const store = createMemoryStore(() => clock.now)
  const record = (fields: object, message: string) => {
    lines.push(JSON.stringify({ message, ...fields }))
  }
  const createPorts = () => ({
    fetch: server.fetch,
    now: () => clock.now,
    log: { debug: record, info: record, warn: record, error: record },
    store,
  })
  const [onePorts, twoPorts] = [createPorts(), createPorts()]
  const agents = [onePorts, twoPorts].map((ports) => createOAuthAgent(configuration, ports))
  const proxy = createOAuthProxy(configuration, twoPorts)
  const [one, two] = agents
  if (one === undefined || two === undefined) throw new Error('There are two.')
  const browser = world.newBrowser(one)
  await signIn(world, browser)
  clock.now += 1000

  const post = (body: string, agent = two) =>
    agent(
      new Request(`${agentUrl}/backchannel-logout`, {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body,
      }),
    )
  /** A logout token; `undefined` leaves a claim out. */
  const createToken = (changes: Record<string, unknown> = {}) => {
    const iat = Math.floor(clock.now / 1000)
    return server.sign({ iat, jti: crypto.randomUUID(), events: event, sub: 'alice', ...changes })
  }
  return {
    ...world,
    browser,
    callApi: ({ cookies }: Browser) => callApi(proxy, cookies),
    createToken,
    onePorts,
    post,
    store,
  }
}

type Fleet = Awaited<ReturnType<typeof createFleet>>

const sendToken = async ({ createToken, post }: Fleet, changes: Record<string, unknown> = {}) =>
  await post(`logout_token=${await createToken(changes)}`)

/** What was published is opened by itself; every instance has heard it then. */
const untilHeard = (isTrue: () => Promise<boolean>) =>
  vi.waitFor(async () => expect(await isTrue()).toBe(true), 5000)

describe('a logout token for a user', () => {
  it('ends the session on every instance: API calls, the session, and the refresh', async () => {
    const fleet = await createFleet()
    const { browser, callApi, server } = fleet
    expect(await callApi(browser)).toMatchObject({ kind: 'forward' })
    const answer = await sendToken(fleet)
    expect(answer.status).toBe(200)
    expect(answer.headers.get('cache-control')).toBe('no-store')
    expect(await answer.text()).toBe('')

    await untilHeard(async () => (await callApi(browser)).kind === 'refuse')
    expect(await callApi(browser)).toMatchObject({ code: 'unauthorized' })
    await untilHeard(async () => !(await isSignedIn(browser)))
    const calls = server.calls.token
    expect(await browser.post('/refresh')).toMatchObject({
      ...sessionExpired,
      body: { detailed_error: expect.stringContaining('ended by the authorization server') },
    })
    expect(server.calls.token).toBe(calls)
    expect(browser.cookies.size).toBe(0)
  })

  it('lets the user sign in again', async () => {
    const fleet = await createFleet()
    await sendToken(fleet)
    fleet.clock.now += 1000
    await signIn(fleet, fleet.browser)
    expect(await fleet.callApi(fleet.browser)).toMatchObject({ kind: 'forward' })
    expect(await fleet.browser.post('/refresh')).toMatchObject(renewed)
  })

  it('leaves other users alone', async () => {
    const fleet = await createFleet()
    await sendToken(fleet, { sub: 'bob' })
    expect(await fleet.browser.post('/refresh')).toMatchObject(renewed)
  })

  it('ends the session for instances that start later, and whenever it is refreshed', async () => {
    const fleet = await createFleet()
    await sendToken(fleet)
    const { clock, configuration, createAgent, newBrowser, onePorts, browser } = fleet
    clock.now += 29 * 86_400_000
    expect(createAgent).toBeDefined()
    const later = newBrowser(createOAuthAgent(configuration, { ...onePorts }))
    for (const [name, value] of browser.cookies) later.cookies.set(name, value)
    expect(await later.post('/refresh')).toMatchObject(sessionExpired)
  })
})

it('a logout token with a sid ends that session, and no other of the user', async () => {
  const fleet = await createFleet({ sid: 'session-1' })
  await sendToken(fleet, { sid: 'session-2' })
  expect(await fleet.browser.post('/refresh')).toMatchObject(renewed)
  expect((await sendToken(fleet, { sid: 'session-1', sub: undefined })).status).toBe(200)
  expect(await fleet.browser.post('/refresh')).toMatchObject(sessionExpired)
})

it('signing out again with copies of one cookie tells the other instances once', async () => {
  const fleet = await createFleet()
  const publish = vi.spyOn(fleet.store.endings, 'publish')
  const cookie = [...fleet.browser.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
  for (let count = 0; count < 3; count += 1) {
    const headers = { cookie: `${cookie}; ${cookie}` }
    const { status } = await fleet.browser.send('POST', '/logout', { headers })
    expect(status).toBe(200)
  }
  expect(publish).toHaveBeenCalledOnce()
})

describe('a logout token is refused with 400 that may not be cached', () => {
  const soon = Math.floor(Date.now() / 1000) + 3600
  it.each<[string, Record<string, unknown>]>([
    ['another issuer', { iss: 'https://elsewhere.example' }],
    ['another audience', { aud: 'another-client' }],
    ['no iat', { iat: undefined }],
    ['an iat in the future', { iat: soon }],
    ['no exp', { exp: undefined }],
    ['an exp in the past', { exp: 1 }],
    ['no jti', { jti: undefined }],
    ['no events', { events: undefined }],
    ['another event', { events: { 'https://example.com/other': {} } }],
    ['an event that is no object', { events: { [Object.keys(event)[0] ?? '']: 'yes' } }],
    ['neither sub nor sid', { sub: undefined }],
    ['a nonce', { nonce: 'nonce' }],
  ])('for %s', async (_, changes) => {
    const fleet = await createFleet()
    const answer = await sendToken(fleet, changes)
    expect(answer.status).toBe(400)
    expect(answer.headers.get('cache-control')).toBe('no-store')
    expect(await answer.json()).toMatchObject({ error: 'invalid_request' })
    expect(await fleet.browser.post('/refresh')).toMatchObject(renewed)
  })

  it.each([
    ['nothing', ''],
    ['no JWT', 'logout_token=nonsense'],
    ['an unsigned one', `logout_token=${btoa('{"alg":"none"}').replaceAll('=', '')}.e30.`],
  ])('for %s', async (_, body) => {
    const { post } = await createFleet()
    expect((await post(body)).status).toBe(400)
  })

  it('for another signature', async () => {
    const fleet = await createFleet()
    const token = await fleet.createToken()
    const [head, , signature] = token.split('.')
    const body = btoa(JSON.stringify({ sub: 'alice' })).replaceAll('=', '')
    expect((await fleet.post(`logout_token=${head}.${body}.${signature}`)).status).toBe(400)
  })

  it('when it comes a second time, at whatever instance', async () => {
    const fleet = await createFleet()
    const body = `logout_token=${await fleet.createToken()}`
    expect((await fleet.post(body)).status).toBe(200)
    expect((await fleet.post(body)).status).toBe(400)
  })

  it('when the store cannot be told', async () => {
    const fleet = await createFleet()
    vi.spyOn(fleet.store.endings, 'publish').mockRejectedValue(new Error('gone'))
    expect((await sendToken(fleet)).status).toBe(400)
  })
})

it('without a store there is no back-channel endpoint', async () => {
  const { agent } = await createWorld()
  const answer = await agent(new Request(`${agentUrl}/backchannel-logout`, { method: 'POST' }))
  expect(answer.status).toBe(404)
})

it('an operator ends all sessions of a user', async () => {
  const fleet = await createFleet()
  await endUserSessions(fleet.configuration, fleet.onePorts, 'alice')
  expect(await fleet.browser.post('/refresh')).toMatchObject(sessionExpired)
})

it('after a sign-out, a copy of the access token cookie is refused on every instance', async () => {
  const fleet = await createFleet()
  const copy = fleet.newBrowser()
  for (const [name, value] of fleet.browser.cookies) copy.cookies.set(name, value)
  await fleet.browser.post('/logout')
  await untilHeard(async () => (await fleet.callApi(copy)).kind === 'refuse')
})
