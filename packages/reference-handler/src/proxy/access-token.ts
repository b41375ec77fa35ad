// From the cookies of a request to the access token that goes to the API.
import { cookieName } from '@token-handler/contract'
import { earliest } from '../earliest.ts'
import type { Configuration } from '../configuration/schema.ts'
import { dpopKeysOf } from '../oauth-client/configured-dpop-keys.ts'
import { parseCookies } from '../http/cookies.ts'
import { leftOut } from '../left-out.ts'
import { onDemand } from '../on-demand.ts'
import type { Ports } from '../ports.ts'
import { sealerOf, secretsOf } from '../sealing/configured-sealer.ts'
import { createProxyCookieReader } from '../sealing/proxy-cookie.ts'
import type { ProxyCookie } from '../sealing/proxy-cookie.ts'
import { endedSessionsOf } from '../store/ended-sessions.ts'
import type { SessionMarks } from '../store/session-marks.ts'
import { StoreUnavailable } from '../store/store-unavailable.ts'
import { createAudienceReader } from './audiences.ts'
import type { AudienceReader } from './audiences.ts'
import type { ExchangeToken } from './phantom-tokens.ts'
import type { Route } from './routes.ts'

/** An access token, or why there is none; reasons are for logs and developers. */
export type AccessTokenReading =
  | {
      readonly kind: 'usable'
      readonly accessToken: string
      /** Thumbprint of the key that it is bound to; without one it is a bearer token. */
      readonly dpopKey?: string | undefined
      /** Milliseconds since the epoch, if known. */
      readonly expiresAt: number | undefined
      /** Those that the token names; `undefined` of an opaque token. */
      readonly audiences: () => readonly unknown[] | undefined
      /** Until when it is known to be worth this, if that may change before it expires: milliseconds since the epoch. */
      readonly keptUntil?: number | undefined
      /** What its session is ended by from elsewhere. */
      readonly session?: SessionMarks | undefined
    }
  /** The request has no cookie of ours. */
  | { readonly kind: 'missing'; readonly reason: string }
  /** It has one that is expired or not readable. */
  | { readonly kind: 'unusable'; readonly reason: string }
  /** The authorization server refuses to exchange it, for a reason that only its or our configuration mends. */
  | { readonly kind: 'refused'; readonly reason: string }
  /** The authorization server, which has to be asked, gives no answer. */
  | { readonly kind: 'unavailable'; readonly reason: string }

/**
 * Reads the `Cookie` header for a route: what that exchanges is not introspected. Only what has to be opened or asked
 * for takes a promise.
 */
export type AccessTokenReader = (
  cookieHeader: string | undefined,
  route: Pick<Route, 'exchange'>,
) => AccessTokenReading | Promise<AccessTokenReading>

const loadPhantomTokens =
  typeof __TOKEN_HANDLER_INTROSPECTION__ === 'undefined' || __TOKEN_HANDLER_INTROSPECTION__
    ? () => import('./phantom-tokens.ts')
    : leftOut

/** Creates the reader of a deployment; where introspection is on, it turns opaque tokens into JWTs. */
export function createAccessTokenReader(
  configuration: Configuration,
  ports: Ports,
): AccessTokenReader {
  const { prefix } = configuration.cookies
  const name = cookieName(prefix, 'proxy')
  const sealer = sealerOf(configuration, ports)
  const secrets = secretsOf(configuration, ports)
  const readProxyCookie = createProxyCookieReader(sealer, ports.now, secrets)
  const readAudiences = createAudienceReader()
  const endedSessions = endedSessionsOf(configuration, ports)
  const dpopKeys = dpopKeysOf(configuration, ports)
  const exchangeToken = configuration.introspection.enabled
    ? onDemand(async () => {
        const { createTokenExchange } = await loadPhantomTokens()
        return createTokenExchange(configuration, ports)
      })
    : undefined

  function readToken(
    cookie: ProxyCookie | undefined,
    isExchanged: boolean,
  ): AccessTokenReading | Promise<AccessTokenReading> {
    if (cookie === undefined) {
      return { kind: 'unusable', reason: 'The proxy cookie is not readable.' }
    }
    const { dpopKey, expiresAt, session } = cookie
    if (session !== undefined && endedSessions?.isEnded(session)) {
      return { kind: 'unusable', reason: 'The session was ended from elsewhere.' }
    }
    if (expiresAt !== undefined && expiresAt <= ports.now()) {
      return { kind: 'unusable', reason: 'The access token has expired.' }
    }
    return dpopKeys === undefined && dpopKey === undefined
      ? readPresented(cookie, isExchanged)
      : readBoundToken(cookie, isExchanged)
  }

  function readPresented(
    cookie: ProxyCookie,
    isExchanged: boolean,
  ): AccessTokenReading | Promise<AccessTokenReading> {
    const { accessToken, dpopKey, expiresAt, session } = cookie
    const audiences = () => readAudiences(cookie, accessToken)
    return exchangeToken === undefined || isExchanged || audiences() !== undefined
      ? { kind: 'usable', accessToken, dpopKey, expiresAt, audiences, session }
      : readOpaqueToken(cookie, exchangeToken, readAudiences)
  }

  /**
   * With keys, no bearer token goes to an API any more, and no bound token without its key: a refresh brings one that
   * is bound to a key at hand.
   */
  async function readBoundToken(
    cookie: ProxyCookie,
    isExchanged: boolean,
  ): Promise<AccessTokenReading> {
    const { dpopKey } = cookie
    if (dpopKey === undefined) {
      return { kind: 'unusable', reason: 'The access token is not bound to a key.' }
    }
    if ((await dpopKeys?.find(dpopKey)) === undefined) {
      return { kind: 'unusable', reason: 'The access token is bound to a key that is not here.' }
    }
    return await readPresented(cookie, isExchanged)
  }

  return (cookieHeader, { exchange }) => {
    const ours = parseCookies(cookieHeader, prefix)
    if (ours === 'duplicate') {
      return { kind: 'unusable', reason: 'A cookie name of ours occurs twice.' }
    }
    const value = ours.get(name)
    if (value === undefined) return { kind: 'missing', reason: 'There is no proxy cookie.' }
    const cookie = readProxyCookie(value)
    const isExchanged = exchange !== undefined
    return 'accessToken' in cookie
      ? readToken(cookie, isExchanged)
      : cookie.then((opened) => readToken(opened, isExchanged)).catch(isAway)
  }
}

/** The store that holds the token cannot be asked now. */
function isAway(cause: unknown): AccessTokenReading {
  if (!(cause instanceof StoreUnavailable)) throw cause
  return { kind: 'unavailable', reason: cause.message }
}

/** What an opaque token is worth, which only the authorization server knows. */
async function readOpaqueToken(
  { accessToken, dpopKey, expiresAt, session }: ProxyCookie,
  exchangeToken: ExchangeToken,
  readAudiences: AudienceReader,
): Promise<AccessTokenReading> {
  const exchange = await exchangeToken(accessToken)
  switch (exchange.kind) {
    case 'exchanged':
      return {
        kind: 'usable',
        accessToken: exchange.jwt,
        dpopKey,
        expiresAt: earliest(expiresAt, exchange.expiresAt),
        audiences: () => readAudiences(exchange, exchange.jwt),
        keptUntil: exchange.keptUntil,
        session,
      }
    case 'inactive':
      return { kind: 'unusable', reason: 'The access token is not active any more.' }
    case 'unavailable':
      return { kind: 'unavailable', reason: exchange.details }
  }
}
