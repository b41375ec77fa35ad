// Profile `token-handler-1`, the browser's half. Written without a schema library: it ships to every user.
import { endpoints } from '../endpoints.ts'
import type { Operation } from '../endpoints.ts'
import type { WireError } from '../error.ts'
import { isHttpUrl } from '../http-url.ts'
import { FORM_CONTENT_TYPE, JSON_CONTENT_TYPE, VERSION, VERSION_HEADER } from '../protocol.ts'
import type { LogoutResult, RefreshResult, SessionResult, StartLoginResult } from '../results.ts'
import { isClaims, isForeign, isObject, isSeconds, readMembers, withoutPrototype } from './json.ts'
import type { Decoders, Json } from './json.ts'
import type { AgentRequest, ClientProfile, OperationInput } from './profile.ts'

const isBoolean = (value: unknown): value is boolean => typeof value === 'boolean'
const isText = (value: unknown): value is string => typeof value === 'string'

const accessToken = { accessTokenExpiresIn: ['access_token_expires_in', isSeconds] } as const

function decodeSession(body: Json): SessionResult | undefined {
  const read = readMembers<SessionResult>(body, {
    isLoggedIn: ['is_logged_in', isBoolean],
    claims: ['id_token_claims', isClaims],
    ...accessToken,
    sessionExpiresIn: ['session_expires_in', isSeconds],
    isDeviceBound: ['is_device_bound', isBoolean],
  })
  const { isLoggedIn, claims, isDeviceBound, ...lifetimes } = read ?? {}
  if (isLoggedIn === undefined) return undefined
  return {
    isLoggedIn,
    ...(claims && { claims: withoutPrototype(claims) }),
    ...lifetimes,
    ...(isDeviceBound && { isDeviceBound }),
  }
}

function decodeStartLogin(body: Json): StartLoginResult | undefined {
  const { authorizationUrl, ...more } =
    readMembers<StartLoginResult>(body, {
      authorizationUrl: ['authorization_url', isHttpUrl],
      state: ['state', isText],
    }) ?? {}
  return authorizationUrl === undefined ? undefined : { authorizationUrl, ...more }
}

function decodeRefresh(body: Json): RefreshResult | undefined {
  if (isForeign(body, 'access_token_expires_in')) return undefined
  return readMembers<RefreshResult>(body, accessToken)
}

function decodeLogout(body: Json): LogoutResult | undefined {
  // Some agents say with it what `GET /session` would.
  if (isForeign(body, 'logout_url', 'is_logged_in')) return undefined
  return readMembers<LogoutResult>(body, { logoutUrl: ['logout_url', isHttpUrl] })
}

const decoders: Decoders = {
  session: decodeSession,
  startLogin: decodeStartLogin,
  endLogin: decodeSession,
  refresh: decodeRefresh,
  logout: decodeLogout,
}

function encodeRequest(operation: Operation, input: OperationInput = {}): AgentRequest {
  const { method, path } = endpoints[operation]
  const headers = { accept: JSON_CONTENT_TYPE, [VERSION_HEADER]: VERSION }
  const body = method === 'POST' ? (input.parameters?.toString() ?? '') : ''
  if (body === '') return { method, path, headers }
  return { method, path, headers: { ...headers, 'content-type': FORM_CONTENT_TYPE }, body }
}

function decodeError(body: unknown): WireError | undefined {
  const { code, ...more } =
    (isObject(body) &&
      readMembers<WireError>(body, {
        code: ['error_code', isText],
        details: ['detailed_error', isText],
      })) ||
    {}
  return code ? { code, ...more } : undefined
}

/** The default wire profile, for the browser. */
export const tokenHandler1: ClientProfile = {
  name: 'token-handler-1',
  headers: { [VERSION_HEADER]: VERSION },
  encodeRequest,
  decodeResult: (operation, body) => (isObject(body) ? decoders[operation](body) : undefined),
  decodeError,
}
