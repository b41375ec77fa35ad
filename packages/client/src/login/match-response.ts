// Whose an authorization response is: one that a pending sign-in of this client can have brought, or somebody else's.
import {
  authorizationResponseParameters,
  recognizeAuthorizationResponse,
} from '@token-handler/contract'
import type { AuthorizationResponseKind, StartLoginResult } from '@token-handler/contract'
import { isObject, isString, parseJson } from '../json.ts'
import type { JsonObject } from '../json.ts'
import { fingerprint, isRecent } from './login-records.ts'
import type { LoginRecords, PendingLogin } from './login-records.ts'

/** What the query of a page holds, and the sign-in of this tab that it belongs to. */
export interface MatchedResponse {
  readonly responseKind: AuthorizationResponseKind
  readonly login: PendingLogin | undefined
}

/** What the match is made from. */
export interface ResponseFacts {
  readonly parameters: URLSearchParams
  readonly records: LoginRecords
  /** The page is kept for sign-ins, also for those that another tab has started. */
  readonly isCallback: boolean
  /** See `StateOwners`. */
  readonly isOfAnother: (state: string | undefined, isFitting: boolean) => boolean
  /** Milliseconds since the epoch. */
  readonly now: number
}

// A state has to be unguessable, so an order number is none. Shorter ones than this have no 64 bits.
const MIN_STATE_LENGTH = 16

/**
 * What a sign-in can come back with, as far as the authorization URL and the agent say.
 *
 * @see {@link https://openid.net/specs/oauth-v2-jarm-final.html#section-2.3 JARM section 2.3}
 */
export function expectResponse({
  authorizationUrl,
  state,
}: StartLoginResult): Pick<PendingLogin, 'state' | 'isSigned'> {
  const { searchParams: request } = new URL(authorizationUrl)
  const visible = request.get('state') ?? undefined
  const mode = request.get('response_mode')
  // A request object, or one that was pushed, has parameters that the URL does not show.
  const isHidden = visible === undefined || request.has('request') || request.has('request_uri')
  const isSigned = mode === null && isHidden ? undefined : (mode ?? '').endsWith('jwt')
  return { state: state ?? visible, isSigned }
}

/** One part of a JWT, as JSON: undefined for anything else. */
function readPart(part = ''): JsonObject | undefined {
  try {
    const value = parseJson(atob(part.replaceAll('-', '+').replaceAll('_', '/')))
    return isObject(value) ? value : undefined
  } catch {
    return undefined
  }
}

/**
 * The claims of a signed response, unverified: whose it is needs no more. It has the state of its request, or is none of
 * ours. Empty for an encrypted one, and `undefined` for what is no JWT.
 *
 * @see {@link https://openid.net/specs/oauth-v2-jarm-final.html#section-2.1 JARM section 2.1}
 * @see {@link https://www.rfc-editor.org/rfc/rfc7519#section-5 RFC 7519 section 5}
 */
function readJwt(text: string | null): { readonly state?: string } | undefined {
  const parts = text?.split('.') ?? []
  if (!isString(readPart(parts[0])?.['alg'])) return undefined
  if (parts.length === 5) return {}
  const state = parts.length === 3 ? readPart(parts[1])?.['state'] : undefined
  return isString(state) ? { state } : undefined
}

/**
 * Finds the sign-in that a response belongs to.
 *
 * @returns `undefined` when the query holds no response, or somebody else's
 */
export function matchResponse(facts: ResponseFacts): MatchedResponse | undefined {
  const { parameters, records, isCallback, isOfAnother, now } = facts
  const responseKind = recognizeAuthorizationResponse(parameters)
  if (!responseKind) return undefined
  const isSigned = responseKind === 'jarm'
  const claims = isSigned ? readJwt(parameters.get('response')) : {}
  if (!claims) return undefined
  const state = isSigned ? claims.state : (parameters.get('state') ?? undefined)

  const candidates = records.pending.filter((login) => !isSigned || login.isSigned !== false)
  const known = candidates.find((login) => state !== undefined && login.state === state)
  // Of a used one the sign-in is not pending any more.
  if (known || records.used.includes(fingerprint(parameters))) return { responseKind, login: known }
  const isPlausible = isCallback || isSigned || (state ?? '').length >= MIN_STATE_LENGTH
  const login = isPlausible
    ? candidates.findLast(
        (each) => isRecent(each, now) && (each.state === undefined || state === undefined),
      )
    : undefined
  if (isOfAnother(state, login !== undefined)) return undefined
  return login || isCallback ? { responseKind, login } : undefined
}

/** Removes the response's parameters from a URL, and leaves every other one as it is written. */
export function withoutResponse(url: URL, kind: AuthorizationResponseKind): string {
  const kept = url.search
    .slice(1)
    .split('&')
    .filter((pair) => {
      const [name = ''] = new URLSearchParams(pair).keys()
      const isOfResponse =
        (name === 'response') === (kind === 'jarm') &&
        authorizationResponseParameters.includes(name)
      return pair !== '' && !isOfResponse
    })
  const clean = new URL(url)
  clean.search = kept.join('&')
  return clean.href
}
