// What a log must never write, whatever it is given.

/** Names under which a careless caller might pass something confidential. */
const confidential = new Set([
  'authorization',
  'cookie',
  'headers',
  'set-cookie',
  'body',
  'rawPacket',
])

/** Levels of objects that are searched for such names. */
const DEPTH = 3

/**
 * Of an error only what helps to find its cause. Other members may hold requests, answers or raw
 * packets, and with them cookies and tokens.
 */
function serializeError(error: unknown): unknown {
  if (!(error instanceof Error)) return typeof error
  const { name, message, stack } = error
  return { name, message, stack, ...('code' in error && { code: error.code }) }
}

/** The fields without what is confidential. pino's own redaction takes ten times as long for each line. */
export function censor(fields: object, depth = DEPTH): Record<string, unknown> {
  const censored: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(fields)) {
    if (confidential.has(name)) censored[name] = '[redacted]'
    else if (value instanceof Error) censored[name] = serializeError(value)
    else if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      censored[name] = value
    } else censored[name] = depth > 1 ? censor(value, depth - 1) : '[object]'
  }
  return censored
}

/** What is thrown need not be an error, and may be anything confidential. */
export const onlyErrors = (value: unknown): unknown =>
  typeof value === 'object' && value !== null ? value : typeof value
