// What every operation of the mock agent gets and gives back.
import type { CookieChange, Cookies } from './cookies.ts'
import type { Reply } from './reply.ts'
import type { TokenPolicy } from '../authorization-server/state.ts'
import type { ServerState } from './server-state.ts'
import type { MockUsers } from '../users.ts'

/** What the operations need to know besides state and cookies. */
export interface OperationContext extends TokenPolicy {
  /** Of the authorization server, without a trailing slash. */
  readonly issuer: string
  readonly redirectUri: string
  readonly responseMode: 'query' | 'jwt'
  /** Extra authorization parameters that the SPA may send. */
  readonly allowedParameters: readonly string[]
  /** Seconds for which a refresh is answered again by its own result. */
  readonly refreshResultsKeptFor: number
}

/** What came in. */
export interface OperationInput<U extends MockUsers> {
  readonly state: ServerState<U>
  readonly cookies: Cookies<U>
  readonly parameters: URLSearchParams
}

/** What an operation leaves behind: the servers' memory, changes of this browser's cookies, an answer. */
export interface OperationOutcome<U extends MockUsers> {
  readonly state: ServerState<U>
  readonly changes: readonly CookieChange<U>[]
  readonly reply: Reply
}

/** One of the five operations. */
export type Run = <U extends MockUsers>(
  input: OperationInput<U>,
  context: OperationContext,
) => OperationOutcome<U>
