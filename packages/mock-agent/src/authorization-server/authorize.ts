// An authorization request, from the URL to the URL the browser is sent back to. Pure.
import { issueCode, signResponse } from './codes.ts'
import type { Authentication, AuthorizationServer } from './state.ts'
import { withQuery } from './urls.ts'
import type { MockUser, MockUsers } from '../users.ts'

/** The parts of an authorization request that the mock acts on. */
export interface AuthorizationRequest {
  readonly state: string
  readonly redirectUri: string
  readonly responseMode: 'query' | 'jwt'
  /** `prompt=none`: no page may be shown. */
  readonly isSilent: boolean
  readonly acrValues: readonly string[]
  /** Seconds since the user signed in, at most. */
  readonly maxAge: number | undefined
}

/** Reads an authorization URL. */
export function readAuthorizationRequest(url: string): AuthorizationRequest {
  const { searchParams } = new URL(url)
  const maxAge = searchParams.get('max_age')
  return {
    state: searchParams.get('state') ?? '',
    redirectUri: searchParams.get('redirect_uri') ?? '',
    responseMode: searchParams.get('response_mode') === 'jwt' ? 'jwt' : 'query',
    isSilent: (searchParams.get('prompt') ?? '').split(' ').includes('none'),
    acrValues: (searchParams.get('acr_values') ?? '').split(' ').filter((value) => value !== ''),
    maxAge: maxAge === null ? undefined : Number(maxAge),
  }
}

/**
 * The user signs in now, in the way that was asked for.
 *
 * @param acr - the authentication context reached; by default the first that was asked for
 * @param now - milliseconds since the epoch
 */
export function authenticate<U extends MockUsers>(
  { user, claims }: MockUser<U>,
  { acrValues: [firstAcr] }: Pick<AuthorizationRequest, 'acrValues'>,
  now: number,
  acr: string | undefined = firstAcr,
): Authentication<U> {
  return { user, claims, authenticatedAt: now, ...(acr !== undefined && { acr }) }
}

/**
 * Whether an earlier sign-in answers a request, so that the user need not be asked again.
 *
 * @see {@link https://openid.net/specs/openid-connect-core-1_0.html#AuthRequest OpenID Connect Core section 3.1.2.1}
 */
export function satisfies<U extends MockUsers>(
  { acr, authenticatedAt }: Authentication<U>,
  { acrValues, maxAge }: Pick<AuthorizationRequest, 'acrValues' | 'maxAge'>,
  now: number,
): boolean {
  const isStrong = acrValues.length === 0 || (acr !== undefined && acrValues.includes(acr))
  return isStrong && (maxAge === undefined || now - authenticatedAt <= maxAge * 1000)
}

/** How a request is answered: a user is signed in, or there is an OAuth error. */
export type AuthorizationAnswer<U extends MockUsers> =
  | { readonly kind: 'authenticated'; readonly authentication: Authentication<U> }
  | { readonly kind: 'error'; readonly error: string }

/** With `prompt=none` only an earlier sign-in of this browser can answer. */
export function answerSilently<U extends MockUsers>(
  request: AuthorizationRequest,
  signedIn: Authentication<U> | undefined,
  now: number,
): AuthorizationAnswer<U> {
  return signedIn !== undefined && satisfies(signedIn, request, now)
    ? { kind: 'authenticated', authentication: signedIn }
    : { kind: 'error', error: 'login_required' }
}

/** Adds what the ID token says about the sign-in itself, where the request asked for it. */
function describeSignIn<U extends MockUsers>(
  authentication: Authentication<U>,
  { acrValues, maxAge }: AuthorizationRequest,
): Authentication<U> {
  const { acr, authenticatedAt, claims } = authentication
  return {
    ...authentication,
    claims: {
      ...claims,
      ...(acrValues.length > 0 && acr !== undefined && { acr }),
      ...(maxAge !== undefined && { auth_time: Math.floor(authenticatedAt / 1000) }),
    },
  }
}

/**
 * Answers a request.
 *
 * @returns the URL of the redirect back
 * @see {@link https://www.rfc-editor.org/rfc/rfc9207#section-2 RFC 9207 section 2}, for `iss`
 * @see {@link https://openid.net/specs/oauth-v2-jarm.html JARM}, for `response`
 */
export function respond<U extends MockUsers>(
  server: AuthorizationServer<U>,
  issuer: string,
  request: AuthorizationRequest,
  answer: AuthorizationAnswer<U>,
): { readonly server: AuthorizationServer<U>; readonly callbackUrl: string } {
  const { state, redirectUri, responseMode } = request
  if (answer.kind === 'error') return redirect(server, { error: answer.error })
  const issued = issueCode(server, state, describeSignIn(answer.authentication, request))
  return redirect(issued.server, { code: issued.code })

  function redirect(
    from: AuthorizationServer<U>,
    parameters: Readonly<Record<string, string>>,
  ): { readonly server: AuthorizationServer<U>; readonly callbackUrl: string } {
    const all = { ...parameters, state, iss: issuer }
    if (responseMode === 'query') return { server: from, callbackUrl: withQuery(redirectUri, all) }
    const signed = signResponse(from, all)
    return {
      server: signed.server,
      callbackUrl: withQuery(redirectUri, { response: signed.response }),
    }
  }
}
