// The last decisions of agent and proxy, taken from their log, for a page that shows them as they happen.
import * as z from 'zod'

/** How many are kept. */
const KEPT = 100

const lineSchema = z.looseObject({
  level: z.number(),
  time: z.number(),
  msg: z.string(),
  method: z.string().optional(),
  path: z.string().optional(),
  status: z.number().optional(),
  milliseconds: z.number().optional(),
  operation: z.string().optional(),
  code: z.string().optional(),
  details: z.string().optional(),
  reason: z.string().optional(),
})

/** A decision, without anything confidential: the log has nothing confidential. */
export interface Decision {
  /** Counts from 1. */
  readonly id: number
  /** Milliseconds since the epoch. */
  readonly time: number
  /** What was asked: `GET /api/orders`, or the operation. */
  readonly what: string
  readonly status?: number | undefined
  readonly milliseconds?: number | undefined
  readonly code?: string | undefined
  /** Why, where it was refused or failed. */
  readonly why?: string | undefined
}

/** The decisions of one handler. */
export interface DecisionLog {
  /** Takes a line of the log. */
  readonly write: (line: string) => void
  readonly last: () => readonly Decision[]
  /** Calls a function with every decision from now on, until what it returns is called. */
  readonly follow: (listener: (decision: Decision) => void) => () => void
}

/**
 * Creates the log of decisions.
 *
 * @param onTrouble - gets the message of every line of level error
 */
export function createDecisionLog(onTrouble: (message: string) => void): DecisionLog {
  const decisions: Decision[] = []
  const listeners = new Set<(decision: Decision) => void>()
  let count = 0

  function add(decision: Omit<Decision, 'id'>): void {
    count += 1
    const whole = { id: count, ...decision }
    decisions.push(whole)
    if (decisions.length > KEPT) decisions.shift()
    for (const listener of listeners) listener(whole)
  }

  return {
    write(line) {
      const parsed = lineSchema.safeParse(parseJson(line))
      if (!parsed.success) return
      const { level, msg, method, path, operation, code, details, reason, ...rest } = parsed.data
      const why = details ?? reason
      if (level >= 50) onTrouble(why === undefined ? msg : `${msg}: ${why}`)
      const what = path === undefined ? operation : `${method ?? ''} ${path}`
      if (what === undefined && code === undefined) return
      const { time, status, milliseconds } = rest
      add({ time, what: what ?? 'a request to the proxy', status, milliseconds, code, why })
    },
    last: () => decisions,
    follow(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
  }
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return undefined
  }
}
