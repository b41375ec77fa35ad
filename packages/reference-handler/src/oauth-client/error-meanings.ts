// What each error code of an authorization server means for a session: the one table of them.

/**
 * - `session over`: the refresh token, or the code, is no longer good.
 * - `sign in again`: the authorization server wants to see the user.
 * - `later`: it may pass; nothing is known about the session.
 * - `our mistake`: of the handler's configuration; the session is as good as before.
 */
export type Meaning = 'session over' | 'sign in again' | 'later' | 'our mistake'

/** What an error code says. */
export interface ErrorMeaning {
  readonly meaning: Meaning
  /** What a mistake of ours is about: who the client is, what it may do, or what this request says. */
  readonly about?: 'client' | 'grant' | 'request'
}

const over = { meaning: 'session over' } as const
const signIn = { meaning: 'sign in again' } as const
const later = { meaning: 'later' } as const
const mistake = (about: NonNullable<ErrorMeaning['about']>) =>
  ({ meaning: 'our mistake', about }) as const

/**
 * By code. Any other is a refusal of which nothing more is known.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc6749#section-5.2 RFC 6749 section 5.2}
 * @see {@link https://openid.net/specs/openid-connect-core-1_0.html#AuthError OpenID Connect Core section 3.1.2.6}
 */
export const errorMeanings: ReadonlyMap<string, ErrorMeaning> = new Map<string, ErrorMeaning>([
  ['invalid_grant', over],
  ['account_selection_required', signIn],
  ['consent_required', signIn],
  ['interaction_required', signIn],
  ['login_required', signIn],
  // RFC 9470: the authentication of the user is too weak for what is asked for.
  ['insufficient_user_authentication', signIn],
  ['server_error', later],
  ['slow_down', later],
  ['temporarily_unavailable', later],
  ['too_many_requests', later],
  // RFC 9449: only where it was asked for twice; once is done with on the spot.
  ['use_dpop_nonce', later],
  ['invalid_client', mistake('client')],
  ['unauthorized_client', mistake('client')],
  ['invalid_dpop_proof', mistake('client')],
  ['unsupported_grant_type', mistake('grant')],
  ['invalid_request', mistake('request')],
  ['invalid_scope', mistake('request')],
  // RFC 8707: client.resource, or the resource of a route.
  ['invalid_target', mistake('request')],
])

/** Whether an error code has this meaning. */
export const means = (error: unknown, meaning: Meaning): boolean =>
  typeof error === 'string' && errorMeanings.get(error)?.meaning === meaning

/** Whether an error code says that the client is not who it claims to be, or may not do this. */
export const isAboutClient = (error: string | undefined): boolean =>
  error !== undefined && errorMeanings.get(error)?.about === 'client'

/** Whether an error code means the same with any status, a 5xx included. Others with 5xx are names of server errors. */
export const isDefinite = (error: string): boolean =>
  errorMeanings.has(error) && !means(error, 'later')
