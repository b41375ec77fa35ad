// Two cores: one for what is measured, the other for what it is measured with. And all that runs on them, to be ended.
import { pin } from './processes.ts'
import type { ServerProcess } from './processes.ts'

/** Of the servers that are compared. */
export const MEASURED = 1
/** Of load generator, API and authorization server. */
export const MEASURING = 0

const running: ServerProcess[] = []

/** Puts a server that starts on its core, and remembers to stop it. */
export async function start(
  starting: Promise<ServerProcess>,
  core: number,
): Promise<ServerProcess> {
  const server = await starting
  running.push(server)
  pin(server.pid, core)
  return server
}

/** Stops all servers, the last one first. */
export async function stopAll(): Promise<void> {
  for (const server of running.splice(0).toReversed()) await server.stop()
}
