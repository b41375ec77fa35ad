// Incomplete or contradictory callbacks, which a lenient parser could misread.
import type { ConformanceCase } from '../case.ts'
import { NotApplicable } from '../failure.ts'
import { changed, changedCallback, checkPlain } from './changed-callback.ts'

/** Where the authorization server names itself, a callback without its name is somebody else's. */
function withoutIssuer(callback: URLSearchParams): URLSearchParams {
  if (!checkPlain(callback).has('iss')) {
    throw new NotApplicable('the authorization server does not name itself in its responses (iss)')
  }
  return changed(callback, 'iss')
}

/** Adds what belongs to the other kind of response. */
function plainAndSigned(callback: URLSearchParams): URLSearchParams {
  return callback.has('response')
    ? new URLSearchParams([...callback, ['code', 'made-up'], ['state', 'made-up']])
    : new URLSearchParams([...callback, ['response', 'made-up']])
}

/** What is missing counts as missing, an error as an error, and a contradiction as a forgery. */
export const ambiguousCallbackCases: readonly ConformanceCase[] = [
  changedCallback(
    'login-end-without-issuer',
    'A callback that does not name the issuer is refused, where the metadata promises that it does',
    'RFC 9207 section 2.4',
    withoutIssuer,
    'invalid_request',
    ['response-issuer'],
  ),
  changedCallback(
    'login-end-with-an-empty-code',
    'A callback whose code is empty is refused like one without a code',
    'RFC 6749 section 3.1',
    (callback) => changed(checkPlain(callback), 'code', ''),
  ),
  changedCallback(
    'login-end-with-code-and-error',
    'A callback with a code and an error is an error, and signs nobody in',
    'RFC 6749 section 4.1.2.1',
    (callback) => changed(checkPlain(callback), 'error', 'access_denied'),
    'access_denied',
  ),
  changedCallback(
    'login-end-with-plain-and-signed-response',
    'A callback that holds a plain response and a signed one is refused',
    'JWT Secured Authorization Response Mode for OAuth 2.0, section 2.3',
    plainAndSigned,
  ),
]
