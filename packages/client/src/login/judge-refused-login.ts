// What it means when the agent refuses an authorization response and there is no session either.
import type { AuthorizationResponseKind } from '@token-handler/contract'
import { isDevelopment } from '../development.ts'
import { translateError } from '../errors.ts'
import type { TokenHandlerError } from '../errors.ts'
import type { PendingLogin } from './login-records.ts'

/**
 * `login-required`: a silent sign-in that could not be silent. `login-lost`: the agent does not know
 * this sign-in any more. `cookies-not-stored`: it did not know the one that was started in its place
 * either. `login-failed`: anything else.
 */
export type RefusedLogin = 'login-required' | 'login-lost' | 'cookies-not-stored' | 'login-failed'

/**
 * What an authorization server answers to a silent sign-in that it cannot do silently.
 * @see {@link https://openid.net/specs/openid-connect-core-1_0.html#AuthError OpenID Connect Core section 3.1.2.6}
 */
const needsInteraction = /^(?:login|interaction|consent|account_selection)_required$/

/**
 * Judges a refusal.
 *
 * @param kind - of the response that was refused
 * @param login - the sign-in of this tab that the response belongs to, if there is one
 */
export function judgeRefusedLogin(
  { agentCode = '' }: TokenHandlerError,
  kind: AuthorizationResponseKind,
  login: PendingLogin | undefined,
): RefusedLogin {
  if (needsInteraction.test(agentCode)) return 'login-required'
  // Without a sign-in of this tab it is a bookmark of the callback URL, and an error was meant for the user.
  const isLost = agentCode === 'invalid_request' && kind !== 'error' && login !== undefined
  if (!isLost) return 'login-failed'
  return login.isRestart ? 'cookies-not-stored' : 'login-lost'
}

/** The error for an app whose user has to sign in again. */
export function loginFailed(cause: TokenHandlerError): TokenHandlerError {
  const reason = cause.agentCode ?? cause.status
  const message = isDevelopment ? `The sign-in failed: ${reason}. Call login() again.` : `${reason}`
  return translateError(cause, 'login_failed', message)
}
