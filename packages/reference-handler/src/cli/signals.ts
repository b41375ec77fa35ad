// What signals make a server do.
import type { FastifyInstance } from 'fastify'

const ENDINGS = ['SIGINT', 'SIGTERM'] as const

/** Milliseconds after which the sources of secrets are looked at again, also without a signal. */
const RELOAD_EVERY = 30_000

/**
 * Has SIGINT and SIGTERM close a server, the first of them: the next one ends the process, as signals
 * do that has no listener. SIGHUP reloads, and time does it too.
 *
 * @returns what leaves signals to the system again
 */
export function heedSignals(server: FastifyInstance, reload: () => void): () => void {
  const timer = setInterval(reload, RELOAD_EVERY).unref()
  const forgetEndings = () => {
    for (const name of ENDINGS) process.off(name, end)
  }
  function end(signal: NodeJS.Signals): void {
    forgetEndings()
    clearInterval(timer)
    server.log.info({ signal }, 'closing')
    void server.close()
  }
  for (const name of ENDINGS) process.on(name, end)
  process.on('SIGHUP', reload)

  return () => {
    forgetEndings()
    clearInterval(timer)
    process.off('SIGHUP', reload)
  }
}
