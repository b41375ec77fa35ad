// What refreshes at the same time, or after a lost answer, do to a session: for each number of
// processes, each way to choose one, and each policy of the authorization server. The figures stand in
// docs/refresh.md.
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { startProvider } from './providers.ts'
import type { Policy } from './providers.ts'
import { play, refreshAfterLoss, refreshInParallel } from './rounds.ts'
import type { Figures, Fleet } from './rounds.ts'

const ROUNDS = 10

const fleets: readonly (readonly [name: string, fleet: Fleet])[] = [
  ['one process', { processes: 1, balancing: 'hash' }],
  ['two, round-robin', { processes: 2, balancing: 'round-robin' }],
  ['two, by a hash', { processes: 2, balancing: 'hash' }],
]

/** Calls, sessions lost, rounds with equal cookies. */
type Expected = readonly [calls: number, lost: number, equal: number]

const once: Expected = [ROUNDS, 0, ROUNDS]

/** Policy, what happens, and the figures of the three fleets. */
const table: readonly (readonly [Policy, 'parallel' | 'lost answer', readonly Expected[]])[] = [
  ['rotation', 'parallel', [once, [2 * ROUNDS, ROUNDS, ROUNDS], once]],
  ['rotation', 'lost answer', [once, [2 * ROUNDS, ROUNDS, 0], once]],
  ['none', 'parallel', [once, [2 * ROUNDS, 0, 0], once]],
  ['none', 'lost answer', [once, [2 * ROUNDS, 0, ROUNDS], once]],
  ['grace', 'parallel', [once, [2 * ROUNDS, 0, 0], once]],
  ['grace', 'lost answer', [once, [2 * ROUNDS, 0, ROUNDS], once]],
]

const cases = table.flatMap(([policy, trouble, expected]) =>
  fleets.map(([name, fleet], index) => [policy, trouble, name, fleet, expected[index]] as const),
)

const guide = readFileSync(new URL('../../../../docs/refresh.md', import.meta.url), 'utf8')

function row(policy: Policy, trouble: string, name: string, figures: Figures): RegExp {
  const { calls, lost, equal } = figures
  const cells = [policy, trouble, name, `${calls}`, `${lost}`, `${equal} of ${ROUNDS}`]
  return new RegExp(cells.join(String.raw`\s*\|\s*`))
}

describe.each(cases)('%s, %s, %s', (policy, trouble, name, fleet, expected) => {
  it('does to sessions what the guide says', async () => {
    const round = trouble === 'parallel' ? refreshInParallel : refreshAfterLoss
    const figures = await play(await startProvider(policy), fleet, ROUNDS, round)
    const [calls, lost, equal] = expected ?? []
    expect(figures).toEqual({ rounds: ROUNDS, calls, lost, equal })
    expect(guide).toMatch(row(policy, trouble, name, figures))
  })
})
