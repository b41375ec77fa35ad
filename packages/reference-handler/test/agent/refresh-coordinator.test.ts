// One refresh token, one refresh: the coordinator by itself.
import { describe, expect, it, vi } from 'vitest'
import { agentFailure, fail } from '../../src/agent/agent-decision.ts'
import { createInProcessRefreshCoordinator } from '../../src/agent/in-process-refresh-coordinator.ts'
import type { RenewalResult } from '../../src/agent/refresh-coordinator.ts'
import { createDeferred } from '../support/deferred.ts'
import { watchLookups } from '../support/lookups.ts'

const sessionOf = (refreshToken: string, issuedAt = 0) => ({
  refreshToken,
  issuedAt,
  startedAt: 0,
})
const session = sessionOf('token')
const renewed: RenewalResult = {
  kind: 'renewed',
  renewal: { session: sessionOf('next', 1), cookies: [] },
}
const failed = fail(agentFailure('authorization_server_error', 'down'))
const ended: RenewalResult = { kind: 'ended' }

/** A coordinator that keeps results for ten seconds, with a clock to set. */
function create() {
  const clock = { now: 1_000_000 }
  return { clock, coordinator: createInProcessRefreshCoordinator(() => clock.now, 10) }
}

describe('the coordinator', () => {
  it.each([
    ['new tokens', renewed],
    ['a failure', failed],
  ])(
    'runs one refresh for all who ask while it is under way, and shares %s',
    async (_, outcome) => {
      const { coordinator } = create()
      const lookedUp = watchLookups()
      const answer = createDeferred<RenewalResult>()
      const renew = vi.fn(() => answer.promise)
      const asking = [1, 2, 3].map(() => coordinator.renewOnce(session, renew))
      await lookedUp(3)
      answer.resolve(outcome)
      expect(await Promise.all(asking)).toEqual([outcome, outcome, outcome])
      expect(renew).toHaveBeenCalledTimes(1)
    },
  )

  it('keeps different refresh tokens apart', async () => {
    const { coordinator } = create()
    const renew = vi.fn(() => Promise.resolve(renewed))
    await Promise.all([
      coordinator.renewOnce(sessionOf('one'), renew),
      coordinator.renewOnce(sessionOf('two'), renew),
    ])
    expect(renew).toHaveBeenCalledTimes(2)
  })

  it('answers latecomers from memory for as long as it was told', async () => {
    const { clock, coordinator } = create()
    const renew = vi.fn(() => Promise.resolve(renewed))
    await coordinator.renewOnce(session, renew)
    clock.now += 10_000
    await coordinator.renewOnce(session, renew)
    expect(renew).toHaveBeenCalledTimes(1)
    clock.now += 1
    await coordinator.renewOnce(session, renew)
    expect(renew).toHaveBeenCalledTimes(2)
  })

  it('refreshes again for who comes with the new session, though its token did not change', async () => {
    const { coordinator } = create()
    const renewal = { session: sessionOf('token', 1), cookies: [] }
    const renew = vi.fn(() => Promise.resolve<RenewalResult>({ kind: 'renewed', renewal }))
    await coordinator.renewOnce(session, renew)
    await coordinator.renewOnce(session, renew)
    expect(renew).toHaveBeenCalledTimes(1)
    await coordinator.renewOnce(renewal.session, renew)
    expect(renew).toHaveBeenCalledTimes(2)
  })

  it('refreshes again for who comes with a later session, which another process made', async () => {
    const { coordinator } = create()
    const made = { session: sessionOf('token', 1), cookies: [] }
    const renew = vi.fn(async (): Promise<RenewalResult> => ({ kind: 'renewed', renewal: made }))
    await coordinator.renewOnce(sessionOf('token', 0), renew)
    await coordinator.renewOnce(sessionOf('token', 2), renew)
    expect(renew).toHaveBeenCalledTimes(2)
  })

  it('keeps a slow refresh single for longer than it keeps results', async () => {
    const { clock, coordinator } = create()
    const answer = createDeferred<RenewalResult>()
    const renew = vi.fn(() => answer.promise)
    const first = coordinator.renewOnce(session, renew)
    await vi.waitUntil(() => renew.mock.calls.length > 0, { timeout: 5000 })
    clock.now += 60_000
    const second = coordinator.renewOnce(session, renew)
    answer.resolve(renewed)
    expect(await Promise.all([first, second])).toEqual([renewed, renewed])
    expect(renew).toHaveBeenCalledTimes(1)
  })

  it.each([
    ['a failure', () => Promise.resolve(failed)],
    ['a fault', () => Promise.reject(new Error('fault'))],
  ])('forgets %s', async (_, renew) => {
    const { coordinator } = create()
    await coordinator.renewOnce(session, renew).catch(() => undefined)
    expect(await coordinator.renewOnce(session, () => Promise.resolve(renewed))).toEqual(renewed)
  })
})

describe('an answer that the authorization server gives too late', () => {
  /** A refresh that is answered with a failure at once, and later with new tokens. */
  function createOverdue() {
    const late = createDeferred<RenewalResult>()
    const renew = vi.fn(async () => ({ ...fail(failed.failure), later: late.promise }))
    return { late, renew }
  }

  it('keeps the refresh token from being used again, and answers latecomers', async () => {
    const { coordinator } = create()
    const { late, renew } = createOverdue()
    expect(await coordinator.renewOnce(session, renew)).toEqual(failed)
    const waiting = coordinator.renewOnce(session, renew)
    late.resolve(renewed)
    expect(await waiting).toEqual(renewed)
    expect(await coordinator.renewOnce(session, renew)).toEqual(renewed)
    expect(renew).toHaveBeenCalledTimes(1)
  })

  it('that is a failure too leaves nothing behind', async () => {
    const { coordinator } = create()
    const { late, renew } = createOverdue()
    await coordinator.renewOnce(session, renew)
    late.resolve(failed)
    await late.promise
    await new Promise(setImmediate)
    expect(await coordinator.renewOnce(session, async () => renewed)).toEqual(renewed)
  })
})

describe('the end of a session', () => {
  it('refuses every later refresh, and names the token to revoke', async () => {
    const { coordinator } = create()
    const renew = vi.fn(() => Promise.resolve(renewed))
    expect(await coordinator.end('token')).toBe('token')
    expect(await coordinator.renewOnce(session, renew)).toEqual(ended)
    expect(renew).not.toHaveBeenCalled()
  })

  it('ends and names the successor of a token that was refreshed a moment ago', async () => {
    const { coordinator } = create()
    const renew = vi.fn(() => Promise.resolve(renewed))
    await coordinator.renewOnce(session, renew)
    expect(await coordinator.end('token')).toBe('next')
    expect(await coordinator.renewOnce(session, renew)).toEqual(ended)
    expect(await coordinator.renewOnce(sessionOf('next', 1), renew)).toEqual(ended)
    expect(renew).toHaveBeenCalledTimes(1)
  })

  it('names a token that does not rotate, and refuses the session that came of it', async () => {
    const { coordinator } = create()
    const renewal = { session: sessionOf('token', 1), cookies: [] }
    const renew = vi.fn(() => Promise.resolve<RenewalResult>({ kind: 'renewed', renewal }))
    await coordinator.renewOnce(session, renew)
    expect(await coordinator.end('token')).toBe('token')
    expect(await coordinator.renewOnce(renewal.session, renew)).toEqual(ended)
    expect(renew).toHaveBeenCalledTimes(1)
  })

  it('names the token itself when its refresh fails', async () => {
    const { coordinator } = create()
    const answer = createDeferred<RenewalResult>()
    const renew = vi.fn(() => answer.promise)
    const refreshing = coordinator.renewOnce(session, renew)
    await vi.waitUntil(() => renew.mock.calls.length > 0, { timeout: 5000 })
    const ending = coordinator.end('token')
    answer.resolve(failed)
    expect(await ending).toBe('token')
    await refreshing
  })
})
