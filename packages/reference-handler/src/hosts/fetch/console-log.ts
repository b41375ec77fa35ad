// The log of hosts that have a console and no pino: one JSON object a line.
import type { Log } from '../../ports.ts'
import { censor, onlyErrors } from '../log-fields.ts'

const levels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const

/** What is written with. */
export type Console = Readonly<Record<'debug' | 'info' | 'warn' | 'error', (line: string) => void>>

/** Under these names, anything may be thrown. */
const thrown = ['err', 'error', 'cause'] as const

/**
 * Creates the log.
 *
 * @param level - the least severe level that is written
 */
export function createConsoleLog(
  level: (typeof levels)[number],
  now: () => number,
  out: Console = console,
): Log {
  const least = levels.indexOf(level)
  const write = (own: keyof Console) => (fields: object, message: string) => {
    if (levels.indexOf(own) < least) return
    const safe: Record<string, unknown> = { ...fields }
    for (const name of thrown) if (name in safe) safe[name] = onlyErrors(safe[name])
    out[own](JSON.stringify({ level: own, time: now(), ...censor(safe), msg: message }))
  }
  return { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') }
}
