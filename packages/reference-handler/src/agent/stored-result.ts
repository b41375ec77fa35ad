// The outcome of a refresh as plain data that other instances can read, and back.
import { either, exactly, listOf, number, objectOf, recordOf, someText, text } from '../shape.ts'
import type { Read } from '../shape.ts'
import { readSession } from './session-cookie.ts'
import type { AgentFailure } from './agent-decision.ts'
import type { RenewalResult } from './refresh-coordinator.ts'

const readCookies = listOf(objectOf({ name: text, value: text }, { maxAge: number }))

const readFailure = objectOf(
  { status: number, code: text, details: text },
  { headers: recordOf(text) },
)

/** A session that was renewed goes on with a refresh token. */
function readRenewedSession(content: unknown) {
  const session = readSession(content)
  const refreshToken = someText(session?.refreshToken)
  return session && refreshToken !== undefined ? { ...session, refreshToken } : undefined
}

/** Reads what {@link toStoredResult} made; `undefined` of anything else. */
export const readStoredResult = either(
  objectOf(
    {
      kind: exactly('renewed'),
      renewal: objectOf(
        { session: readRenewedSession, cookies: readCookies },
        { failure: readFailure },
      ),
    },
    {},
  ),
  objectOf({ kind: exactly('failure'), failure: readFailure, cookies: readCookies }, {}),
)

/** What one instance tells the others of a refresh. */
export type StoredResult = Read<typeof readStoredResult>

/** The outcome without the cause of a failure: an error is no data, and concerns one instance only. */
export function toStoredResult(result: RenewalResult): unknown {
  if (result.kind === 'ended') return result
  if (result.kind === 'failure') return { ...result, failure: withoutCause(result.failure) }
  const { failure: answered, ...renewal } = result.renewal
  if (answered === undefined) return result
  return { ...result, renewal: { ...renewal, failure: withoutCause(answered) } }
}

function withoutCause(failed: AgentFailure): Omit<AgentFailure, 'cause'> {
  const { cause: _, ...answered } = failed
  return answered
}
