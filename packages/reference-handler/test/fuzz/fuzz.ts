// How many hostile inputs there are, and that each one is done with in no time.
import * as fc from 'fast-check'
import { expect } from 'vitest'

/** Inputs of a whole run; FUZZ_RUNS=1000000 is worth a night now and then. */
const RUNS = Number(process.env['FUZZ_RUNS'] ?? 6000)

/** The same inputs in every normal run; others where somebody asks for many. */
const seed = process.env['FUZZ_RUNS'] === undefined ? { seed: 42 } : {}

/** Milliseconds of CPU: far more than any input needs, far less than a pattern that backtracks. */
const TOO_LONG = 1000

/** Milliseconds that a test may take. */
export const FUZZ_TIMEOUT = Math.max(30_000, RUNS * 5)

/**
 * Checks a property for a share of all inputs, and that none takes long.
 *
 * @param share - of the inputs, between 0 and 1
 */
export async function fuzz<Input>(
  share: number,
  inputs: fc.Arbitrary<Input>,
  holds: (input: Input) => unknown,
): Promise<void> {
  let [count, slowest] = [0, 0]
  const property = fc.asyncProperty(inputs, async (input) => {
    const start = process.cpuUsage()
    count += 1
    await holds(input)
    const { user, system } = process.cpuUsage(start)
    slowest = Math.max(slowest, (user + system) / 1000)
  })
  await fc.assert(property, { numRuns: Math.ceil(RUNS * share), ...seed })
  expect(count).toBeGreaterThanOrEqual(RUNS * share)
  expect(slowest).toBeLessThan(TOO_LONG)
}

/** Text made of pieces that parsers stumble over, and of anything at all. */
export const madeOf = (pieces: readonly string[], maxLength = 40): fc.Arbitrary<string> =>
  fc
    .array(fc.oneof(fc.constantFrom(...pieces), fc.string({ unit: 'binary', maxLength: 8 })), {
      maxLength,
    })
    .map((parts) => parts.join(''))
