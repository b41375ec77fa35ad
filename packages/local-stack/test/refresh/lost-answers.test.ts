// One process, rotation on, twenty refreshes at once and a network that loses every tenth answer:
// nobody has to sign in again. REFRESH_ROUNDS=200 plays more rounds than the usual few.
import { expect, it, onTestFinished } from 'vitest'
import { startProvider } from './providers.ts'
import { play, refreshInParallel, requestRefresh } from './rounds.ts'
import type { Round } from './rounds.ts'

const ROUNDS = Number(process.env['REFRESH_ROUNDS'] ?? 20)
const PERCENT_LOST = 10

/** A generator of numbers below 100, the same in every run (a linear congruential one). */
function createDice(): () => number {
  let state = 1
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31
    return Math.floor((state / 2 ** 31) * 100)
  }
}

it('twenty refreshes at once, a tenth of the answers lost, end no session', async () => {
  const roll = createDice()
  let lost = 0
  /** Every tenth round loses all of its answers; then the browser asks once more, with the old cookies. */
  const round: Round = async (browser, number) => {
    const answers = await refreshInParallel(browser, number)
    const arrived = answers.filter(() => number % 10 !== 9 && roll() >= PERCENT_LOST)
    lost += answers.length - arrived.length
    return arrived.length > 0 ? arrived : [await requestRefresh(browser)]
  }
  const fleet = { processes: 1, balancing: 'hash' } as const
  const provider = await startProvider('rotation')
  onTestFinished(provider.stop)
  const figures = await play(provider, fleet, ROUNDS, round)
  expect(figures).toEqual({ rounds: ROUNDS, calls: ROUNDS, lost: 0, equal: ROUNDS })
  expect(lost / (ROUNDS * 20)).toBeGreaterThan(PERCENT_LOST / 100)
}, 600_000)
