// A coordinator of somebody's own, whose store is not to be had: the session stays, whatever it says.
import { expect, it, onTestFinished, vi } from 'vitest'
import { createOAuthAgent } from '../../src/agent/oauth-agent.ts'
import type { RefreshCoordinator } from '../../src/agent/refresh-coordinator.ts'
import type { Log } from '../../src/ports.ts'
import { createDeferred } from '../support/deferred.ts'
import { createManualTime } from '../support/manual-time.ts'
import type { ManualTime } from '../support/manual-time.ts'
import { noLog } from '../support/no-log.ts'
import { createWorld, signIn } from '../support/world.ts'
import type { World } from '../support/world.ts'
import { requestRefresh } from '../../../local-stack/test/refresh/rounds.ts'

const unavailable = { status: 503, body: { error_code: 'temporarily_unavailable' } }

/** A coordinator that coordinates nothing. */
const idle: RefreshCoordinator = {
  renewOnce: (_session, renew) => renew(),
  end: async (refreshToken) => refreshToken,
}

/** An agent with this coordinator, in a world where everything else works. */
const createAgent = (
  { clock, configuration, server }: World,
  refreshCoordinator: RefreshCoordinator,
  log: Log = noLog,
) =>
  createOAuthAgent(configuration, {
    fetch: server.fetch,
    now: () => clock.now,
    log,
    refreshCoordinator,
  })

/** Refreshes with a coordinator that must not get as far as a renewal. */
async function refreshWith(renewOnce: RefreshCoordinator['renewOnce']) {
  const world = await createWorld()
  const { server } = world
  const browser = world.newBrowser(createAgent(world, { ...idle, renewOnce }))
  await signIn(world, browser)
  const calls = server.calls.token
  const answer = await requestRefresh(browser)
  expect(server.calls.token).toBe(calls)
  return answer
}

it('a coordinator that has no lock to give answers 503, and says when to ask again', async () => {
  const failure = {
    status: 503,
    code: 'temporarily_unavailable',
    details: 'The store cannot be reached.',
    headers: { 'retry-after': '1' },
  }
  const answer = await refreshWith(async () => ({ kind: 'failure', failure, cookies: [] }))
  expect(answer).toMatchObject({ ...unavailable, setCookies: [] })
  expect(answer.headers.get('retry-after')).toBe('1')
})

it.each([
  ['rejects', () => Promise.reject(new Error('The store has gone.'))],
  [
    'throws',
    () => {
      throw new Error('The store has gone.')
    },
  ],
])('a coordinator that %s answers 503, and ends no session', async (_, renewOnce) => {
  const answer = await refreshWith(renewOnce)
  expect(answer).toMatchObject({ ...unavailable, setCookies: [] })
  expect(answer.headers.get('retry-after')).toBe('1')
})

/** A browser whose agent has this coordinator, and timers that a test moves. */
async function signInWith(refreshCoordinator: Partial<RefreshCoordinator>) {
  const world = await createWorld()
  const time = createManualTime()
  const { clock, configuration, server } = world
  const agent = createOAuthAgent(configuration, {
    fetch: server.fetch,
    now: () => clock.now,
    schedule: time.schedule,
    log: noLog,
    refreshCoordinator: { ...idle, ...refreshCoordinator },
  })
  const browser = world.newBrowser(agent)
  await signIn(world, browser)
  return { browser, time, world }
}

const never = () => new Promise<never>(() => {})

/** What is under way comes as far as it can without a timer. */
const untilTimers = (time: ManualTime) => vi.waitUntil(() => time.pending() > 0, { timeout: 5000 })

it('a coordinator that hangs answers 503 when the authorization server would have had its time, and touches no cookie', async () => {
  const { browser, time } = await signInWith({ renewOnce: never })
  const answer = requestRefresh(browser)
  await untilTimers(time)
  time.advance(10_000)
  expect(await answer).toMatchObject({ ...unavailable, setCookies: [] })
  expect((await answer).headers.get('retry-after')).toBe('1')
  expect(time.pending()).toBe(0)
})

it.each<[string, RefreshCoordinator['renewOnce']]>([
  ['dies', (_session, renew) => renew().then(() => Promise.reject(new Error('gone')))],
  ['hangs', (_session, renew) => renew().then(never)],
])(
  'a coordinator that %s after the renewal keeps the new cookies from nobody',
  async (how, renewOnce) => {
    const isRenewed = createDeferred()
    const { browser, time } = await signInWith({
      renewOnce: (session, renew) =>
        renewOnce(session, () => renew().finally(() => setImmediate(isRenewed.resolve))),
    })
    const answer = requestRefresh(browser)
    await isRenewed.promise
    if (how === 'hangs') time.advance(2000)
    expect(await answer).toMatchObject({ status: 200, setCookies: { length: 2 } })
    expect(time.pending()).toBe(0)
  },
)

it('a logout whose coordinator hangs revokes the token it was shown', async () => {
  const { browser, time, world } = await signInWith({ end: never })
  const answer = browser.post('/logout')
  await untilTimers(time)
  time.advance(10_000)
  expect((await answer).status).toBe(200)
  expect(world.server.revoked).toEqual([expect.stringMatching(/^refresh-token-/)])
})

it('a renewal that fails is told apart from its coordinator, also when others wait for it', async () => {
  const world = await createWorld()
  const { browser, server } = world
  await signIn(world, browser)
  server.override('token', () => new Response('down', { status: 503 }))
  const unreachable = { status: 502, body: { error_code: 'authorization_server_error' } }
  expect(await requestRefresh(browser)).toMatchObject(unreachable)

  server.override('token', undefined)
  vi.spyOn(crypto.subtle, 'encrypt').mockRejectedValue(new Error('No entropy.'))
  onTestFinished(() => {
    vi.restoreAllMocks()
  })
  const broken = { status: 500, body: { error_code: 'server_error' }, setCookies: [] }
  const both = await Promise.all([requestRefresh(browser), requestRefresh(browser)])
  expect(both).toMatchObject([broken, broken])
})

it('a logout succeeds without its coordinator, and revokes the token it was shown', async () => {
  const world = await createWorld()
  const lines: string[] = []
  const log = { ...noLog, warn: (_: object, message: string) => lines.push(message) }
  const agent = createAgent(world, { ...idle, end: () => Promise.reject(new Error('gone')) }, log)
  const browser = world.newBrowser(agent)
  await signIn(world, browser)
  expect(await browser.post('/logout')).toMatchObject({
    status: 200,
    body: { logout_url: expect.stringContaining('https://') },
  })
  expect(browser.cookies.size).toBe(0)
  expect(world.server.revoked).toEqual([expect.stringMatching(/^refresh-token-/)])
  expect(lines.join()).toContain('later refresh tokens')
})
