// One refresh token, one refresh: the coordinator by itself.
import { describe, expect, it, vi } from 'vitest'
import { agentFailure, fail } from '../../src/agent/outcome.ts'
import { createRefreshCoordinator } from '../../src/agent/refresh-coordinator.ts'
import type { RenewalResult } from '../../src/agent/refresh-coordinator.ts'
import { createDeferred } from '../support/deferred.ts'

const renewed: RenewalResult = {
  kind: 'renewed',
  renewal: { refreshToken: 'next', cookies: [] },
}
const failed: RenewalResult = fail(agentFailure('authorization_server_error', 'down'))
const ended: RenewalResult = { kind: 'ended' }

/** A coordinator that keeps results for ten seconds, with a clock to set. */
function create() {
  const clock = { now: 1_000_000 }
  return { clock, coordinator: createRefreshCoordinator(() => clock.now, 10) }
}

describe('the coordinator', () => {
  it('runs one refresh for all who ask while it is under way, whatever comes of it', async () => {
    for (const outcome of [renewed, failed]) {
      const { coordinator } = create()
      const answer = createDeferred<RenewalResult>()
      const renew = vi.fn(() => answer.promise)
      const asking = [1, 2, 3].map(() => coordinator.renewOnce('token', renew))
      await vi.waitFor(() => {
        expect(renew).toHaveBeenCalled()
      })
      answer.resolve(outcome)
      expect(await Promise.all(asking)).toEqual([outcome, outcome, outcome])
      expect(renew).toHaveBeenCalledTimes(1)
    }
  })

  it('keeps different refresh tokens apart', async () => {
    const { coordinator } = create()
    const renew = vi.fn(() => Promise.resolve(renewed))
    await Promise.all([coordinator.renewOnce('one', renew), coordinator.renewOnce('two', renew)])
    expect(renew).toHaveBeenCalledTimes(2)
  })

  it('answers latecomers from memory for as long as it was told', async () => {
    const { clock, coordinator } = create()
    const renew = vi.fn(() => Promise.resolve(renewed))
    await coordinator.renewOnce('token', renew)
    clock.now += 10_000
    await coordinator.renewOnce('token', renew)
    expect(renew).toHaveBeenCalledTimes(1)
    clock.now += 1
    await coordinator.renewOnce('token', renew)
    expect(renew).toHaveBeenCalledTimes(2)
  })

  it('keeps a slow refresh single for longer than it keeps results', async () => {
    const { clock, coordinator } = create()
    const answer = createDeferred<RenewalResult>()
    const renew = vi.fn(() => answer.promise)
    const first = coordinator.renewOnce('token', renew)
    await vi.waitFor(() => {
      expect(renew).toHaveBeenCalled()
    })
    clock.now += 60_000
    const second = coordinator.renewOnce('token', renew)
    answer.resolve(renewed)
    expect(await Promise.all([first, second])).toEqual([renewed, renewed])
    expect(renew).toHaveBeenCalledTimes(1)
  })

  it.each([
    ['a failure', () => Promise.resolve(failed)],
    ['a fault', () => Promise.reject(new Error('fault'))],
  ])('forgets %s', async (_, renew) => {
    const { coordinator } = create()
    await coordinator.renewOnce('token', renew).catch(() => undefined)
    expect(await coordinator.renewOnce('token', () => Promise.resolve(renewed))).toEqual(renewed)
  })
})

describe('the end of a session', () => {
  it('refuses every later refresh, and names the token to revoke', async () => {
    const { coordinator } = create()
    const renew = vi.fn(() => Promise.resolve(renewed))
    expect(await coordinator.end('token')).toBe('token')
    expect(await coordinator.renewOnce('token', renew)).toEqual(ended)
    expect(renew).not.toHaveBeenCalled()
  })

  it('names the successor of a token that was refreshed a moment ago', async () => {
    const { coordinator } = create()
    await coordinator.renewOnce('token', () => Promise.resolve(renewed))
    expect(await coordinator.end('token')).toBe('next')
    expect(await coordinator.renewOnce('token', () => Promise.resolve(renewed))).toEqual(ended)
  })

  it('names the token itself when its refresh fails', async () => {
    const { coordinator } = create()
    const answer = createDeferred<RenewalResult>()
    const renew = vi.fn(() => answer.promise)
    const refreshing = coordinator.renewOnce('token', renew)
    await vi.waitFor(() => {
      expect(renew).toHaveBeenCalled()
    })
    const ending = coordinator.end('token')
    answer.resolve(failed)
    expect(await ending).toBe('token')
    await refreshing
  })
})
