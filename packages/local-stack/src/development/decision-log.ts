// The last decisions of agent and proxy, taken from their log, for a page that shows them as they happen.
import { endpoints, operations } from '@token-handler/contract'
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
  operation: z.enum(operations).optional(),
  code: z.string().optional(),
  details: z.string().optional(),
  reason: z.string().optional(),
  reqId: z.string().optional(),
})

type Line = z.output<typeof lineSchema>

/** A decision, without anything confidential: the log has nothing confidential. */
export interface Decision {
  /** Counts from 1. */
  readonly id: number
  /** Milliseconds since the epoch. */
  readonly time: number
  /** What was asked, such as `GET /api/orders`. */
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
  // Why comes first, in a line of its own; what was answered closes it.
  let reasons: Line[] = []

  function takeReason(answer: Line): Line | undefined {
    const found = reasons.find((reason) => belongsTo(reason, answer))
    reasons = reasons.filter((reason) => reason !== found).slice(-KEPT)
    return found
  }

  function add(decision: Omit<Decision, 'id'>): void {
    count += 1
    const whole = { id: count, ...decision }
    decisions.push(whole)
    if (decisions.length > KEPT) decisions.shift()
    for (const listener of listeners) listener(whole)
  }

  return {
    write(text) {
      const parsed = lineSchema.safeParse(parseJson(text))
      if (!parsed.success) return
      const line = parsed.data
      const why = line.details ?? line.reason
      if (line.level >= 50) onTrouble(why === undefined ? line.msg : `${line.msg}: ${why}`)
      if (line.path === undefined) {
        if (line.code !== undefined) reasons.push(line)
        return
      }
      const { time, method = '', path, status, milliseconds } = line
      const reason = takeReason(line)
      add({
        time,
        what: `${method} ${path}`,
        status,
        milliseconds,
        code: reason?.code,
        why: reason?.details ?? reason?.reason,
      })
    },
    last: () => decisions,
    follow(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
  }
}

/** Whether a refusal is that of an answer: by the operation's path, and by the request where the log says it. */
function belongsTo({ operation, reqId }: Line, answer: Line): boolean {
  if (operation !== undefined) return answer.path?.endsWith(endpoints[operation].path) === true
  return reqId === answer.reqId
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return undefined
  }
}
