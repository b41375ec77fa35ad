// Logout tokens of the authorization server: every rule of the standard, each with its reason when it is broken.
import { decodeProtectedHeader } from 'jose'
import * as z from 'zod/mini'
import { InvalidToken } from '../oauth-client/classify-failure.ts'
import type { Endpoint } from '../oauth-client/endpoint.ts'
import { isIssuer } from '../oauth-client/issuer.ts'
import { acceptedAlgorithms } from '../oauth-client/metadata.ts'

/** What a sound logout token says. */
export interface LogoutToken {
  readonly jti: string
  /** Seconds since the epoch. */
  readonly exp: number
  /** One of them at least is there. */
  readonly sid?: string | undefined
  readonly sub?: string | undefined
}

/** The token breaks a rule; the message says which, and quotes nothing. */
export class InvalidLogoutToken extends Error {
  override readonly name = 'InvalidLogoutToken'
}

const EVENT = 'http://schemas.openid.net/event/backchannel-logout'

/** What `typ` may be, where it is there at all. */
const types = new Set(['logout+jwt', 'application/logout+jwt', 'jwt'])

const payloadSchema = z.object({
  iss: z.string(),
  aud: z.union([z.string(), z.array(z.string())]),
  iat: z.number(),
  exp: z.number(),
  jti: z.string().check(z.minLength(1)),
  events: z.record(z.string(), z.unknown()),
  sid: z.optional(z.string().check(z.minLength(1))),
  sub: z.optional(z.string().check(z.minLength(1))),
  nonce: z.optional(z.never()),
  /** Names the tenant where the issuer is one of several. */
  tid: z.optional(z.string()),
})

/**
 * Checks a logout token in full: signature, `typ`, `iss`, `aud`, `iat`, `exp`, `jti`, `events`, that it has a `sub` or a
 * `sid`, and no `nonce`. Whether the same one came before is asked elsewhere.
 *
 * @param endpoint - of the authorization server, whose keys, issuer and clock it is judged by
 * @throws {InvalidLogoutToken} when a rule is broken
 * @throws {UnusableAnswer} when there are no keys to verify it with
 * @see {@link https://openid.net/specs/openid-connect-backchannel-1_0.html#Validation OpenID Connect Back-Channel Logout section 2.6}
 */
export async function checkLogoutToken(endpoint: Endpoint, token: string): Promise<LogoutToken> {
  const payload = await verify(endpoint, token)
  const { typ = 'jwt' } = decodeProtectedHeader(token)
  if (!types.has(typ.toLowerCase())) throw new InvalidLogoutToken('its typ is another one.')
  const claims = payloadSchema.safeParse(payload)
  if (!claims.success) {
    const [name = 'a claim'] = claims.error.issues[0]?.path ?? []
    throw new InvalidLogoutToken(`${String(name)} is missing, wrong, or must not be there.`)
  }
  const { clock, issuer, protocol } = endpoint
  const { aud, iat, exp, jti, events, sid, sub } = claims.data
  const seconds = clock.now() / 1000
  const event = events[EVENT]
  const rules: readonly (readonly [boolean, string])[] = [
    [isIssuer(issuer, claims.data), 'its issuer is another one.'],
    [[aud].flat().includes(protocol.client.client_id), 'it is for another client.'],
    [iat <= seconds + clock.tolerance, 'it is from the future.'],
    [exp > seconds - clock.tolerance, 'it has expired.'],
    [typeof event === 'object' && event !== null, 'its events name no back-channel logout.'],
    [sid !== undefined || sub !== undefined, 'it has neither sub nor sid.'],
  ]
  const broken = rules.find(([isKept]) => !isKept)
  if (broken !== undefined) throw new InvalidLogoutToken(broken[1])
  return { jti, exp, sid, sub }
}

/** It is signed as ID tokens are. */
async function verify(endpoint: Endpoint, token: string) {
  const { keys, metadata } = endpoint
  const algorithms = acceptedAlgorithms(metadata.id_token_signing_alg_values_supported)
  try {
    return await keys.verify(token, algorithms, endpoint)
  } catch (cause) {
    if (!(cause instanceof InvalidToken)) throw cause
    throw new InvalidLogoutToken('its signature cannot be verified.', { cause })
  }
}
