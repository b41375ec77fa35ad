// What a server's memory does over very many requests.
import { createLoad } from './load.ts'
import type { ServerProcess } from './processes.ts'

/** Megabytes of physical memory after so many requests. */
export interface MemorySample {
  readonly requests: number
  readonly megabytes: number
  readonly openFiles: number
}

const STEPS = 5

/** Sends requests in five portions and looks at the process after each. */
export async function sampleMemory(
  server: ServerProcess,
  cookies: readonly string[],
  requests: number,
): Promise<MemorySample[]> {
  const samples: MemorySample[] = []
  const portion = Math.ceil(requests / STEPS)
  const load = createLoad(server.url, { path: '/api/1k', cookies, concurrency: 32 })
  for (let step = 1; step <= STEPS; step += 1) {
    await load.send(portion)
    const megabytes = Math.round(server.memory() / 1e6)
    samples.push({ requests: step * portion, megabytes, openFiles: server.openFiles() })
  }
  await load.close()
  return samples
}
