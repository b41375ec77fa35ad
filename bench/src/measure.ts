// Measuring several servers side by side under the same requests.
import { createLoad } from './load.ts'
import type { ServerProcess } from './processes.ts'
import { measureInTurns } from './turns.ts'

/** A server, and the cookies its requests carry, taken in turn. */
export interface Variant {
  readonly name: string
  /**
   * Processes with the same code: each compiles what it runs in its own way and lies elsewhere in memory,
   * and two of them can differ by more than what is measured.
   */
  readonly servers: readonly ServerProcess[]
  readonly cookies: readonly string[]
}

/** What is sent to each process of each variant in each round. */
export interface Plan {
  readonly path: string
  /** Bytes that each request uploads. */
  readonly upload?: number
  /** Requests to each process before anything is measured, until it has compiled what it does often. */
  readonly warmUp: number
  readonly rounds: number
  readonly requests: number
}

/** Means over the calmer half of the rounds. */
export interface Figures {
  readonly name: string
  /** Microseconds per request. */
  readonly cpuTime: number
  /** The CPU time in units of the first variant's. */
  readonly ratio: number
  readonly requestsPerSecond: number
}

const CONCURRENCY = 32

/** Measures all variants; the first is what the others are compared with. See {@link measureInTurns}. */
export async function measure(
  variants: readonly Variant[],
  { path, upload, warmUp, rounds, requests }: Plan,
): Promise<Figures[]> {
  const lanes = variants.flatMap(({ servers, cookies }, variant) =>
    servers.map((server) => {
      const load = createLoad(server.url, { path, upload, cookies, concurrency: CONCURRENCY })
      return { variant, server, load }
    }),
  )
  for (const { load } of lanes) await load.send(warmUp)

  const names = variants.map(({ name }) => name)
  const figures = await measureInTurns(names, lanes, { rounds, operations: requests }, ({ load }) =>
    load.send(requests),
  )
  for (const { load } of lanes) await load.close()
  return figures.map(({ perSecond, ...rest }) => ({ ...rest, requestsPerSecond: perSecond }))
}
