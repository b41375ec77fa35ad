// Measuring several servers side by side: in rounds, so that whatever slows the machine slows all.
import { sendLoad } from './load.ts'
import type { ServerProcess } from './processes.ts'

/** A server, and the cookies its requests carry, taken in turn. */
export interface Variant {
  readonly name: string
  readonly server: ServerProcess
  readonly cookies: readonly string[]
}

/** What is sent to each variant in each round. */
export interface Plan {
  readonly path: string
  readonly rounds: number
  readonly requests: number
}

/** Medians over the rounds. */
export interface Figures {
  readonly name: string
  /** Microseconds per request. */
  readonly cpuTime: number
  /** The CPU time in units of the first variant's of the same round. */
  readonly ratio: number
  readonly requestsPerSecond: number
}

const CONCURRENCY = 32

/** Measures all variants; the first is what the others are compared with. */
export async function measure(
  variants: readonly Variant[],
  { path, rounds, requests }: Plan,
): Promise<Figures[]> {
  for (const variant of variants) await run(variant, path, requests)
  const samples = variants.map((): { cpuTime: number; seconds: number }[] => [])
  for (let round = 0; round < rounds; round += 1) {
    // Each round begins with another one, so that nobody always follows the same.
    for (let step = 0; step < variants.length; step += 1) {
      const index = (round + step) % variants.length
      const variant = variants[index]
      if (variant) samples[index]?.push(await run(variant, path, requests))
    }
  }
  return variants.map(({ name }, index) => {
    const own = samples[index] ?? []
    const base = samples[0] ?? []
    return {
      name,
      cpuTime: median(own.map(({ cpuTime }) => cpuTime)),
      ratio: median(own.map(({ cpuTime }, round) => cpuTime / (base[round]?.cpuTime ?? 1))),
      requestsPerSecond: median(own.map(({ seconds }) => requests / seconds)),
    }
  })
}

async function run({ name, server, cookies }: Variant, path: string, requests: number) {
  const before = { cpu: server.cpuTime(), at: performance.now() }
  const load = { path, requests, cookies, concurrency: CONCURRENCY }
  const statuses = await sendLoad(server.url, load)
  if (statuses.get(200) !== requests) throw new Error(`${name}: ${JSON.stringify([...statuses])}`)
  const cpuTime = (server.cpuTime() - before.cpu) / requests
  return { cpuTime, seconds: (performance.now() - before.at) / 1000 }
}

/** The middle one of some numbers. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[sorted.length >> 1] ?? 0
}
