// A ratio from pairs of measurements side by side, and how sure it is.
import { createRandom } from '../../packages/reference-handler/test/support/random.ts'

/** A ratio, and where it lies with a probability of 95 %. */
export interface Estimate {
  readonly ratio: number
  readonly low: number
  readonly high: number
}

const RESAMPLES = 4000

/**
 * The mean, over the processes, of the median of the ratios of their pairs. Processes of the same code differ more than
 * turns of one process do, so the interval comes from drawing processes, and then pairs of each (a bootstrap with two
 * levels). The same figures give the same interval.
 *
 * @param processes - of each, the ratio of each pair
 * @see {@link https://doi.org/10.1214/aos/1176344552 Efron: Bootstrap Methods: Another Look at the Jackknife}
 */
export function estimateRatio(processes: readonly (readonly number[])[]): Estimate {
  const random = createRandom(1)
  const draw = <Item>(items: readonly Item[]): Item[] =>
    items.map((own) => items[Math.floor(random() * items.length)] ?? own)
  const estimate = (drawn: readonly (readonly number[])[]) => mean(drawn.map(median))

  const resampled = Array.from({ length: RESAMPLES }, () => estimate(draw(processes).map(draw)))
  const sorted = resampled.toSorted((a, b) => a - b)
  const quantile = (share: number) => sorted[Math.floor(share * (RESAMPLES - 1))] ?? NaN
  return { ratio: estimate(processes), low: quantile(0.025), high: quantile(0.975) }
}

export const mean = (values: readonly number[]): number =>
  values.reduce((total, value) => total + value, 0) / values.length

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  const upper = sorted[middle] ?? NaN
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? NaN) + upper) / 2
}
