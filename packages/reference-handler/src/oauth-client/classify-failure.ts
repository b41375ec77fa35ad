// Calling the authorization server within a time limit, and naming every way in which that can fail.
import * as oauth from 'oauth4webapi'
import {
  InvalidAuthorizationResponse,
  quotesNothing,
  safeMessage,
  UnavailableAnswer,
} from './safe-errors.ts'

export {
  InvalidAuthorizationResponse,
  InvalidToken,
  safeMessage,
  UnavailableAnswer,
  UnusableAnswer,
} from './safe-errors.ts'

// Their messages are constant texts; JSON and network errors may quote an answer.
quotesNothing(oauth.OperationProcessingError)
quotesNothing(oauth.UnsupportedOperationError)

/**
 * Why a call failed. `details` is for logs and developers, and holds nothing confidential.
 *
 * - `unavailable`: no usable answer: unreachable, too slow, 5xx, or nonsense.
 * - `refused`: the authorization server answered with an OAuth error, or a challenge without one.
 * - `denied`: the authorization response is an error.
 * - `invalid_response`: the authorization response is malformed, or from another issuer.
 */
export type AuthorizationServerFailure = { readonly details: string; readonly cause: unknown } & (
  | { readonly kind: 'invalid_response' }
  | {
      readonly kind: 'unavailable'
      /** The answer's `Retry-After`, as it came: seconds, or a date. */
      readonly retryAfter?: string
    }
  | { readonly kind: 'refused'; readonly error?: string }
  | { readonly kind: 'denied'; readonly error: string }
)

/** What came of a call. */
export type Attempt<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly failure: AuthorizationServerFailure }

/** The authorization server refused the request and gave no OAuth error as a reason. */
export class RefusedAnswer extends Error {
  override readonly name = 'RefusedAnswer'
  readonly status: number

  constructor(status: number) {
    super(`it answered ${status} without an OAuth error.`)
    this.status = status
  }
}

/**
 * Runs an action that calls the authorization server. Never rejects.
 *
 * @param timeout - seconds for the whole action
 */
export async function attempt<T>(
  timeout: number,
  action: (signal: AbortSignal) => Promise<T>,
): Promise<Attempt<T>> {
  const signal = AbortSignal.timeout(timeout * 1000)
  try {
    return { ok: true, value: await untilAborted(action(signal), signal) }
  } catch (cause) {
    return { ok: false, failure: classify(cause, signal.aborted) }
  }
}

/** Settles as the promise does, or rejects on abort where the promise does not heed the signal itself. */
export function untilAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(signal.reason)
    // A signal with a listener stays in memory until its time is over.
    const settled = (): void => signal.removeEventListener('abort', abort)
    signal.addEventListener('abort', abort)
    promise.finally(settled).then(resolve, reject)
  })
}

/** Names a failure by its cause. */
export function classify(cause: unknown, timedOut: boolean): AuthorizationServerFailure {
  if (timedOut) {
    const details = 'The authorization server did not answer in time.'
    return { kind: 'unavailable', details, cause }
  }
  if (cause instanceof oauth.AuthorizationResponseError) {
    const details = `The authorization response is an error: ${cause.error_description?.slice(0, 200) ?? 'no description'}`
    return { kind: 'denied', error: cause.error, details, cause }
  }
  if (cause instanceof InvalidAuthorizationResponse) {
    return { kind: 'invalid_response', details: cause.message, cause }
  }
  if (cause instanceof oauth.ResponseBodyError) {
    const error = isErrorCode(cause.error) ? cause.error : 'an unknown error'
    const details = `The authorization server answered ${cause.status} with ${error}.${adviceFor(error)}`
    return { kind: 'refused', error, details, cause }
  }
  if (cause instanceof oauth.WWWAuthenticateChallengeError) {
    const details = `The authorization server answered ${cause.status} with a challenge; check the client's id, secret and authentication.`
    return { kind: 'refused', details, cause }
  }
  if (cause instanceof RefusedAnswer) {
    const details = `The authorization server answered ${cause.status} without an OAuth error; check the client's id, secret and authentication. If it answers so when a refresh token is no longer valid, set refresh.endsOn to "refusal".`
    return { kind: 'refused', details, cause }
  }
  const details = describeUnavailability(cause)
  return cause instanceof UnavailableAnswer && cause.retryAfter !== undefined
    ? { kind: 'unavailable', details, cause, retryAfter: cause.retryAfter }
    : { kind: 'unavailable', details, cause }
}

/** What an operator can do about an error code of the token endpoint. */
function adviceFor(error: string): string {
  if (error === 'invalid_dpop_proof') {
    return ' Check the clocks of both, and that the algorithms of client.dpopKeys are allowed for this client there.'
  }
  return error === 'invalid_client' || error === 'unauthorized_client'
    ? ' Check client.id, client.secret and client.authentication: some servers take the secret as client_secret_post only.'
    : ''
}

/** Says that there was no usable answer, and why, as far as that quotes nothing. */
export function describeUnavailability(cause: unknown): string {
  const message = safeMessage(cause)
  return message === undefined
    ? 'The authorization server cannot be reached.'
    : `The authorization server's answer cannot be used: ${message}`
}

/**
 * Whether a value has the form of an OAuth error code, rather than that of anything else that must
 * not be logged or handed on.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc6749#section-5.2 RFC 6749 section 5.2}
 */
export function isErrorCode(value: string): boolean {
  return /^[a-z0-9_.-]{1,64}$/i.test(value)
}
