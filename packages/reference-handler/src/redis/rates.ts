// Counting requests in Redis, for all instances.
import type { RateStore } from '../store/rate-store.ts'
import type { Connection } from './connection.ts'
import { take } from './scripts.ts'

const MINUTE = 60_000

/** Creates the counters. */
export function createRateStore(connection: Connection, prefix: string): RateStore {
  return {
    take: async (name, perMinute) =>
      Number(await connection.run(take, [`${prefix}${name}`], [MINUTE / perMinute, MINUTE])),
  }
}
