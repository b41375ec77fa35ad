// Profile `token-handler-1`, the browser's half. Written without a schema library: it ships to every user.
import { endpoints } from '../endpoints.ts'
import type { Operation } from '../endpoints.ts'
import type { WireError } from '../error.ts'
import { isHttpUrl } from '../http-url.ts'
import { FORM_CONTENT_TYPE, JSON_CONTENT_TYPE, VERSION, VERSION_HEADER } from '../protocol.ts'
import type { LogoutResult, RefreshResult, SessionResult, StartLoginResult } from '../results.ts'
import { isClaims, isForeign, isObject, isSeconds, optional, withoutPrototype } from './json.ts'
import type { Decoders, Json } from './json.ts'
import type { AgentRequest, ClientProfile, OperationInput } from './profile.ts'

const isBoolean = (value: unknown): value is boolean => typeof value === 'boolean'
const isText = (value: unknown): value is string => typeof value === 'string'

function decodeSession(body: Json): SessionResult | undefined {
  const isLoggedIn = body['is_logged_in']
  const claims = optional(body, 'id_token_claims', isClaims)
  const accessToken = optional(body, 'access_token_expires_in', isSeconds)
  const session = optional(body, 'session_expires_in', isSeconds)
  const bound = optional(body, 'is_device_bound', isBoolean)
  if (
    !isBoolean(isLoggedIn) ||
    claims.broken ||
    accessToken.broken ||
    session.broken ||
    bound.broken
  ) {
    return undefined
  }
  return {
    isLoggedIn,
    ...(claims.value && { claims: withoutPrototype(claims.value) }),
    ...(accessToken.value !== undefined && { accessTokenExpiresIn: accessToken.value }),
    ...(session.value !== undefined && { sessionExpiresIn: session.value }),
    ...(bound.value && { isDeviceBound: true }),
  }
}

function decodeStartLogin(body: Json): StartLoginResult | undefined {
  const authorizationUrl = body['authorization_url']
  const state = optional(body, 'state', isText)
  if (!isHttpUrl(authorizationUrl) || state.broken) return undefined
  return { authorizationUrl, ...(state.value !== undefined && { state: state.value }) }
}

function decodeRefresh(body: Json): RefreshResult | undefined {
  const accessToken = optional(body, 'access_token_expires_in', isSeconds)
  if (accessToken.broken || isForeign(body, 'access_token_expires_in')) return undefined
  return accessToken.value === undefined ? {} : { accessTokenExpiresIn: accessToken.value }
}

function decodeLogout(body: Json): LogoutResult | undefined {
  const logoutUrl = optional(body, 'logout_url', isHttpUrl)
  // Some agents say with it what `GET /session` would.
  if (logoutUrl.broken || isForeign(body, 'logout_url', 'is_logged_in')) return undefined
  return logoutUrl.value === undefined ? {} : { logoutUrl: logoutUrl.value }
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
  if (!isObject(body)) return undefined
  const code = body['error_code']
  const details = optional(body, 'detailed_error', isText)
  if (typeof code !== 'string' || code === '' || details.broken) return undefined
  return { code, ...(details.value !== undefined && { details: details.value }) }
}

/** The default wire profile, for the browser. */
export const tokenHandler1: ClientProfile = {
  name: 'token-handler-1',
  headers: { [VERSION_HEADER]: VERSION },
  encodeRequest,
  decodeResult: (operation, body) => (isObject(body) ? decoders[operation](body) : undefined),
  decodeError,
}
