// Two processes behind a load balancer that goes round-robin, refresh tokens that rotate, and a Redis that they
// share: no session is lost. The figures stand in docs/refresh.md. REFRESH_ROUNDS=200 plays more rounds.
import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startProvider } from '../../../local-stack/test/refresh/providers.ts'
import type { Provider } from '../../../local-stack/test/refresh/providers.ts'
import {
  play,
  refreshAfterLoss,
  refreshInParallel,
  requestRefresh,
} from '../../../local-stack/test/refresh/rounds.ts'
import type { Round } from '../../../local-stack/test/refresh/rounds.ts'
import { findObstacle, startRedis } from './redis-server.ts'
import type { RedisServer } from './redis-server.ts'

const fleet = { processes: 2, balancing: 'round-robin' } as const
const ROUNDS = 10
const LOSSY_ROUNDS = Number(process.env['REFRESH_ROUNDS'] ?? 20)
const PERCENT_LOST = 10

const guide = readFileSync(new URL('../../../../docs/refresh.md', import.meta.url), 'utf8')

/** A generator of numbers below 100, the same in every run (a linear congruential one). */
function createDice(): () => number {
  let state = 1
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31
    return Math.floor((state / 2 ** 31) * 100)
  }
}

describe.skipIf(findObstacle() !== undefined)('two processes, round-robin, with Redis', () => {
  let redis: RedisServer
  let provider: Provider
  beforeAll(async () => {
    redis = await startRedis()
    provider = await startProvider('rotation', { TOKEN_HANDLER_REDIS_URL: redis.url })
  }, 60_000)
  afterAll(async () => {
    await provider.stop()
    await redis.stop()
  })

  it.each([
    ['parallel', refreshInParallel],
    ['lost answer', refreshAfterLoss],
  ])(
    '%s: end no session, and bring the same cookies to all',
    async (trouble, round) => {
      const figures = await play(provider, fleet, ROUNDS, round)
      expect(figures).toEqual({ rounds: ROUNDS, calls: ROUNDS, lost: 0, equal: ROUNDS })
      const cells = [
        'rotation',
        trouble,
        'two, round-robin, with Redis',
        ROUNDS,
        0,
        `${ROUNDS} of ${ROUNDS}`,
      ]
      expect(guide).toMatch(new RegExp(cells.join(String.raw`\s*\|\s*`)))
    },
    60_000,
  )

  it('twenty refreshes at once, a tenth of the answers lost, end no session', async () => {
    const roll = createDice()
    /** Every tenth round loses all of its answers; then the browser asks once more, with the old cookies. */
    const round: Round = async (browser, number) => {
      const answers = await refreshInParallel(browser, number)
      const arrived = answers.filter(() => number % 10 !== 9 && roll() >= PERCENT_LOST)
      return arrived.length > 0 ? arrived : [await requestRefresh(browser)]
    }
    const figures = await play(provider, fleet, LOSSY_ROUNDS, round)
    expect(figures).toEqual({
      rounds: LOSSY_ROUNDS,
      calls: LOSSY_ROUNDS,
      lost: 0,
      equal: LOSSY_ROUNDS,
    })
  }, 600_000)
})
