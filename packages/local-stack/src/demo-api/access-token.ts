// Deciding whether a request may use the API, by its access token alone.
import { createRemoteJWKSet, customFetch, errors, jwtVerify } from 'jose'
import type { JWTPayload, JWTVerifyGetKey } from 'jose'
import * as z from 'zod'
import type { Fetch } from '@token-handler/reference-handler'
import type { AccessTokenFormat } from '../authorization-server/provider.ts'

/** What the API decides about a request. */
export type AccessDecision =
  | {
      readonly kind: 'accepted'
      readonly user: string
      /** When the user last proved who they are, in seconds since the epoch, if the token says so. */
      readonly authenticatedAt: number | undefined
    }
  | {
      readonly kind: 'refused'
      readonly status: 401 | 403
      readonly error: 'missing_token' | 'invalid_token' | 'insufficient_scope'
      /** For `WWW-Authenticate`. */
      readonly challenge: string
    }

/** Decides over the value of an `Authorization` header. */
export type AccessCheck = (authorization: string | undefined) => Promise<AccessDecision>

/** What an access token has to be to open the API. */
export interface AccessTokenRules {
  readonly issuer: string
  readonly audience: string
  /** `jwt` are access tokens (RFC 9068), `opaque` are introspection responses about them (RFC 9701). */
  readonly format: AccessTokenFormat
  readonly algorithm: string
  readonly scope: string
  /** Whether a token, by its `jti`, has not been made to expire early. */
  readonly isLive: (id: string) => boolean
}

const claims = z.object({
  sub: z.string(),
  /** Opaque access tokens have none that may be told. */
  jti: z.string().optional(),
  scope: z.string().default(''),
  auth_time: z.number().optional(),
})

// RFC 6750 section 3.1: no error code when there was no token at all; section 3: a parameter all the same.
const missingToken: AccessDecision = {
  kind: 'refused',
  status: 401,
  error: 'missing_token',
  challenge: 'Bearer realm="demo-api"',
}

const invalidToken: AccessDecision = {
  kind: 'refused',
  status: 401,
  error: 'invalid_token',
  challenge: 'Bearer error="invalid_token"',
}

const insufficientScope = (scope: string): AccessDecision => ({
  kind: 'refused',
  status: 403,
  error: 'insufficient_scope',
  challenge: `Bearer error="insufficient_scope", scope="${scope}"`,
})

/** Failures that say something about our side, not about the token. */
const ourFailures = new Set(['ERR_JOSE_GENERIC', 'ERR_JWKS_INVALID', 'ERR_JWKS_TIMEOUT'])

const accessToken = {
  typ: 'at+jwt',
  requiredClaims: ['exp', 'iat', 'sub', 'jti', 'client_id'],
}

const introspectionResponse = {
  typ: 'token-introspection+jwt',
  requiredClaims: ['iat', 'token_introspection'],
}

const introspection = z.looseObject({
  active: z.literal(true),
  exp: z.number(),
  aud: z.union([z.string(), z.array(z.string())]),
})

/** What an introspection response says about an access token of ours that is active and has not expired since. */
function readIntrospection(
  { token_introspection }: JWTPayload,
  audience: string,
): JWTPayload | undefined {
  const { data } = introspection.safeParse(token_introspection)
  const isGood =
    data !== undefined && [data.aud].flat().includes(audience) && data.exp * 1000 > Date.now()
  return isGood ? data : undefined
}

/**
 * Creates the check. It rejects when the keys of the authorization server cannot be had.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc9068#section-4 RFC 9068 section 4}
 * @see {@link https://www.rfc-editor.org/rfc/rfc9701#section-5 RFC 9701 section 5}
 */
export function createAccessCheck(rules: AccessTokenRules, keys: JWTVerifyGetKey): AccessCheck {
  async function verify(token: string): Promise<JWTPayload | undefined> {
    try {
      const { issuer, audience, algorithm, format } = rules
      const verified = await jwtVerify(token, keys, {
        issuer,
        algorithms: [algorithm],
        ...(format === 'jwt' ? { ...accessToken, audience } : introspectionResponse),
      })
      const { payload } = verified
      return format === 'jwt' ? payload : readIntrospection(payload, audience)
    } catch (error) {
      if (error instanceof errors.JOSEError && !ourFailures.has(error.code)) return undefined
      throw error
    }
  }

  return async (authorization) => {
    const [, token] = /^Bearer ([\w.~+/-]+=*)$/i.exec(authorization ?? '') ?? []
    if (token === undefined) return missingToken
    const { data } = claims.safeParse(await verify(token))
    if (data === undefined) return invalidToken
    if (data.jti !== undefined && !rules.isLive(data.jti)) return invalidToken
    if (!data.scope.split(' ').includes(rules.scope)) return insufficientScope(rules.scope)
    return { kind: 'accepted', user: data.sub, authenticatedAt: data.auth_time }
  }
}

/** The signing keys of the authorization server, fetched when they are needed and then kept. */
export function createRemoteKeys(issuer: string, fetch: Fetch): JWTVerifyGetKey {
  return createRemoteJWKSet(new URL('/jwks', issuer), {
    [customFetch]: (url, { headers, method, redirect, signal }) =>
      fetch(url, { headers: Object.fromEntries(headers), method, redirect, signal }),
  })
}
