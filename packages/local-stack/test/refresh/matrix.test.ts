// What refreshes at the same time, or after a lost answer, do to a session: for each number of
// processes, each way to choose one, and each policy of the authorization server. The figures stand in
// docs/refresh.md.
import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startProvider } from './providers.ts'
import type { Policy, Provider } from './providers.ts'
import { play, refreshAfterLoss, refreshInParallel } from './rounds.ts'
import type { Fleet } from './rounds.ts'

const ROUNDS = 10

const fleets: readonly (readonly [name: string, fleet: Fleet])[] = [
  ['one process', { processes: 1, balancing: 'hash' }],
  ['two, round-robin', { processes: 2, balancing: 'round-robin' }],
  ['two, by a hash', { processes: 2, balancing: 'hash' }],
]

const rounds = { parallel: refreshInParallel, 'lost answer': refreshAfterLoss }

/** `least`: where it depends on who comes first, no fewer calls than that. */
type Expected = readonly [calls: number | { readonly least: number }, lost: number, equal: number]

const once: Expected = [ROUNDS, 0, ROUNDS]

/** What happens, and the figures of the three fleets. */
const table: Readonly<Record<Policy, Readonly<Record<keyof typeof rounds, readonly Expected[]>>>> =
  {
    rotation: {
      // Once the session is lost, whoever still asks does so in vain.
      parallel: [once, [{ least: 2 * ROUNDS }, ROUNDS, ROUNDS], once],
      'lost answer': [once, [2 * ROUNDS, ROUNDS, 0], once],
    },
    none: {
      parallel: [once, [2 * ROUNDS, 0, 0], once],
      'lost answer': [once, [2 * ROUNDS, 0, ROUNDS], once],
    },
    grace: {
      parallel: [once, [2 * ROUNDS, 0, 0], once],
      'lost answer': [once, [2 * ROUNDS, 0, ROUNDS], once],
    },
  }

const guide = readFileSync(new URL('../../../../docs/refresh.md', import.meta.url), 'utf8')

/** A row of the guide. */
function row(
  policy: Policy,
  trouble: string,
  name: string,
  [calls, lost, equal]: Expected,
): RegExp {
  const told = typeof calls === 'number' ? `${calls}` : `${calls.least} or more`
  const cells = [policy, trouble, name, told, `${lost}`, `${equal} of ${ROUNDS}`]
  return new RegExp(cells.join(String.raw`\s*\|\s*`))
}

describe.each(['rotation', 'none', 'grace'] as const)('refresh tokens: %s', (policy) => {
  let provider: Provider
  beforeAll(async () => {
    provider = await startProvider(policy)
  }, 60_000)
  afterAll(() => provider.stop())

  const cases = (['parallel', 'lost answer'] as const).flatMap((trouble) =>
    fleets.map(([name, fleet], index) => {
      const expected = table[policy][trouble][index] ?? once
      return { trouble, name, fleet, expected }
    }),
  )

  it.each(cases)(
    '$trouble, $name: does to sessions what the guide says',
    async ({ trouble, name, fleet, expected }) => {
      const figures = await play(provider, fleet, ROUNDS, rounds[trouble])
      const [calls, lost, equal] = expected
      expect(figures).toMatchObject({ rounds: ROUNDS, lost, equal })
      if (typeof calls === 'number') expect(figures.calls).toBe(calls)
      else expect(figures.calls).toBeGreaterThanOrEqual(calls.least)
      expect(guide).toMatch(row(policy, trouble, name, expected))
    },
    60_000,
  )
})
