// A coordinator of somebody's own, whose store is not to be had: the session stays, whatever it says.
import { expect, it } from 'vitest'
import { createOAuthAgent } from '../../src/agent/oauth-agent.ts'
import type { RefreshCoordinator } from '../../src/agent/refresh-coordinator.ts'
import { noLog } from '../support/no-log.ts'
import { createWorld, signIn } from '../support/world.ts'
import { requestRefresh } from './rounds.ts'

/** Refreshes with this coordinator, in a world where everything else works. */
async function refreshWith(renewOnce: RefreshCoordinator['renewOnce']) {
  const world = await createWorld()
  const { clock, configuration, server } = world
  const agent = createOAuthAgent(configuration, {
    fetch: server.fetch,
    now: () => clock.now,
    log: noLog,
    refreshCoordinator: { renewOnce, end: async (refreshToken) => refreshToken },
  })
  const browser = world.newBrowser(agent)
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
  expect(answer).toMatchObject({
    status: 503,
    body: { error_code: 'temporarily_unavailable' },
    setCookies: [],
  })
  expect(answer.headers.get('retry-after')).toBe('1')
})

it('a coordinator that fails is an error of the server, and no end of the session', async () => {
  const answer = await refreshWith(() => Promise.reject(new Error('The store has gone.')))
  expect(answer).toMatchObject({
    status: 500,
    body: { error_code: 'server_error' },
    setCookies: [],
  })
})
