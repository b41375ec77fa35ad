// What a step is, and how the steps read answers.
import type { Handler, TokenCall } from '../handler.ts'
import type { Lab } from '../lab.ts'
import type { Traits } from '../server-kind.ts'
import type { Answer } from '../spa.ts'
import type { StepId } from '../step-ids.ts'

/** Something that is tried at every authorization server. */
export interface Step {
  /** A sentence about the user or the protocol. */
  readonly title: string
  /** What the table says where the step passes; by default that it does. */
  readonly outcome?: (traits: Traits) => string
  readonly run: (lab: Lab) => Promise<void>
}

/** Some of the steps, by their names. */
export type Steps<Id extends StepId> = Readonly<Record<Id, Step>>

/** A successful answer, see {@link summarize}. */
export const OK = '200'

/** The answer that ends a session, see {@link summarize}. */
export const SESSION_EXPIRED = '401 session_expired, cookies removed'

/** An answer in short: status, error code, and whether the session's cookies are gone. */
export function summarize({ status, body, cookies }: Answer): string {
  const code = typeof body['error_code'] === 'string' ? ` ${body['error_code']}` : ''
  const removed = [/-at=$/, /-session=$/].every((name) => cookies.some((line) => name.test(line)))
  return `${status}${code}${removed ? ', cookies removed' : ''}`
}

/** The refresh token that the last answer of the token endpoint with one had. */
export function newestRefreshToken({ tokenCalls }: Handler): string {
  const issued = tokenCalls.map(({ answer }) => answer['refresh_token'])
  return issued.findLast((token) => typeof token === 'string') ?? ''
}

/** The calls to the token endpoint that used a refresh token. */
export const refreshCalls = ({ tokenCalls }: Handler): readonly TokenCall[] =>
  tokenCalls.filter(({ grantType }) => grantType === 'refresh_token')
