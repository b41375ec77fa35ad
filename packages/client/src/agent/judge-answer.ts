// What each answer means for the session, for every operation of the agent and for the APIs: the one table.
import type { Operation } from '@token-handler/contract'

/** What came back, as far as it decides. */
export interface AnswerSummary {
  /** HTTP status; absent when there was no answer at all. */
  readonly status?: number | undefined
  /** A success whose body is not what the profile says. */
  readonly isUnreadable?: boolean
  /** The agent's error code, or the API's from `WWW-Authenticate`. */
  readonly code?: string | undefined
}

/** What an answer means for the session. */
export type AnswerMeaning =
  /** The body says the rest. */
  | 'success'
  /** Definite: there is no session, or none any more. */
  | 'no-session'
  /** The response may have been used already: whether there is a session decides. */
  | 'ask-session'
  /** May pass: nothing is known, and what was known still counts. */
  | 'unavailable'
  /** Only the agent's operator, or this app's options, can mend it; it says nothing about the session. */
  | 'misconfigured'
  /** For the app: not about the access token. */
  | 'pass'
  | 'refresh'
  /** @see {@link https://www.rfc-editor.org/rfc/rfc9470#section-3 RFC 9470 section 3} */
  | 'step-up'

/** Reads the answer of an agent's operation or of an API. */
export function judgeAnswer(
  call: Operation | 'api',
  { status = 0, code, isUnreadable }: AnswerSummary,
): AnswerMeaning {
  if (call === 'api') {
    if (status !== 401) return 'pass'
    return code === 'insufficient_user_authentication' ? 'step-up' : 'refresh'
  }
  if (isUnreadable || status < 200 || status === 429 || status >= 500) return 'unavailable'
  if (status < 300) return 'success'
  if (call === 'endLogin') return 'ask-session'
  // Cookies that the agent cannot read, after a change of its keys for instance, are no session.
  if (status === 401 && call !== 'startLogin') return 'no-session'
  const isOver = code === 'invalid_grant' || code === 'session_expired'
  return call === 'refresh' && status === 400 && isOver ? 'no-session' : 'misconfigured'
}
