// Exchanging an access token for a JWT that says the same, at the introspection endpoint.
import { decodeJwt } from 'jose'
import * as oauth from 'oauth4webapi'
import { boolean, number, objectOf } from '../shape.ts'
import { UnusableAnswer } from './classify-failure.ts'
import type { Endpoint } from './endpoint.ts'

/** What the authorization server says about an access token. */
export type Introspection =
  | {
      readonly kind: 'active'
      /** What an API gets instead of the access token. */
      readonly jwt: string
      /** Milliseconds since the epoch, when the JWT says it. */
      readonly expiresAt?: number
      /** Seconds that the answer may be used, when the authorization server says it. */
      readonly maxAge?: number
    }
  | { readonly kind: 'inactive' }

/** A JWT by itself first, then one around an introspection response; JSON only to learn of inactive tokens. */
const ACCEPT = 'application/jwt, application/token-introspection+jwt;q=0.9, application/json;q=0.1'

const readJsonAnswer = objectOf({ active: boolean }, {})

/** Either the claims of the access token, or an introspection response around them. */
const readClaims = objectOf(
  {},
  { exp: number, token_introspection: objectOf({ active: boolean }, { exp: number }) },
)

/**
 * Introspects an access token. The JWT comes straight from the authorization server; its signature is
 * for the API to verify.
 *
 * @throws {UnusableAnswer} when there is no endpoint, or the answer is neither a JWT nor says that the
 *   token is not active: JSON about an active token is useless to an API that expects a JWT
 * @see {@link https://www.rfc-editor.org/rfc/rfc7662#section-2 RFC 7662 section 2}
 * @see {@link https://www.rfc-editor.org/rfc/rfc9701#section-5 RFC 9701 section 5}
 */
export async function introspect(
  { metadata, protocol, signal }: Endpoint,
  accessToken: string,
): Promise<Introspection> {
  const aliases = protocol.client.use_mtls_endpoint_aliases
    ? metadata.mtls_endpoint_aliases
    : undefined
  const url = aliases?.introspection_endpoint ?? metadata.introspection_endpoint
  const options = protocol.requestOptions(signal)
  if (url === undefined) throw new UnusableAnswer('its metadata names no introspection_endpoint.')
  const body = new URLSearchParams({ token: accessToken, token_type_hint: 'access_token' })
  const headers = new Headers({ accept: ACCEPT })
  await protocol.authentication(metadata, protocol.client, body, headers)
  headers.set('content-type', 'application/x-www-form-urlencoded;charset=UTF-8')
  const init = { method: 'POST', body, headers: Object.fromEntries(headers), signal } as const
  return readAnswer(await options[oauth.customFetch](url, { ...init, redirect: 'manual' }))
}

async function readAnswer(response: Response): Promise<Introspection> {
  if (response.status === 204) return { kind: 'inactive' }
  if (response.status !== 200) {
    throw new UnusableAnswer(`its introspection endpoint answered ${response.status}.`)
  }
  const [mediaType = ''] = (response.headers.get('content-type') ?? '').toLowerCase().split(';')
  switch (mediaType.trim()) {
    case 'application/jwt':
    case 'application/token-introspection+jwt':
      return readJwt((await response.text()).trim(), response.headers.get('cache-control') ?? '')
    case 'application/json':
      if (readJsonAnswer(await response.json())?.active === false) {
        return { kind: 'inactive' }
      }
      throw new UnusableAnswer(
        'it introspects with JSON only. Let it answer application/jwt or application/token-introspection+jwt, let it issue JWTs, or turn introspection off.',
      )
    default:
      throw new UnusableAnswer('its introspection endpoint answered with an unknown media type.')
  }
}

function readJwt(jwt: string, cacheControl: string): Introspection {
  const data = readClaims(decode(jwt))
  if (data === undefined) throw new UnusableAnswer('its introspection answer is not a signed JWT.')
  const { exp, active } = { active: true, exp: data.exp, ...data.token_introspection }
  if (!active) return { kind: 'inactive' }
  const [, maxAge] = /(?:^|[\s,])max-age=(\d+)/i.exec(cacheControl) ?? []
  return {
    kind: 'active',
    jwt,
    ...(exp !== undefined && { expiresAt: exp * 1000 }),
    ...(maxAge !== undefined && { maxAge: Number(maxAge) }),
  }
}

function decode(jwt: string): unknown {
  try {
    return decodeJwt(jwt)
  } catch {
    return undefined
  }
}
