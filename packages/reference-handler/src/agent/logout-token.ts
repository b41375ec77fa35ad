// Logout tokens of the authorization server: every rule of the standard, each with its reason when it is broken.
import { compactVerify, createLocalJWKSet } from 'jose'
import type { JSONWebKeySet } from 'jose'
import * as z from 'zod'
import type { Configuration } from '../configuration/schema.ts'

/** What a sound logout token says. */
export interface LogoutToken {
  readonly jti: string
  /** Seconds since the epoch. */
  readonly exp: number
  /** One of them at least is there. */
  readonly sid?: string | undefined
  readonly sub?: string | undefined
}

/** What a logout token is checked against. */
export interface LogoutTokenRules {
  readonly issuer: string
  readonly client: Configuration['client']
  readonly algorithms: readonly string[]
  readonly jwks: JSONWebKeySet
  /** Milliseconds since the epoch. */
  readonly now: number
}

/** The token breaks a rule; the message says which, and quotes nothing. */
export class InvalidLogoutToken extends Error {
  override readonly name = 'InvalidLogoutToken'
}

const EVENT = 'http://schemas.openid.net/event/backchannel-logout'

/** Seconds by which clocks may differ. */
const TOLERANCE = 30

/** What `typ` may be, where it is there at all. */
const types = new Set(['logout+jwt', 'application/logout+jwt', 'jwt'])

const payloadSchema = z.object({
  iss: z.string(),
  aud: z.union([z.string(), z.array(z.string())]),
  iat: z.number(),
  exp: z.number(),
  jti: z.string().min(1),
  events: z.record(z.string(), z.unknown()),
  sid: z.string().min(1).optional(),
  sub: z.string().min(1).optional(),
  nonce: z.never().optional(),
})

/**
 * Checks a logout token in full: signature, `typ`, `iss`, `aud`, `iat`, `exp`, `jti`, `events`, that it has a `sub` or a
 * `sid`, and no `nonce`. Whether the same one came before is asked elsewhere.
 *
 * @throws {InvalidLogoutToken} when a rule is broken
 * @see {@link https://openid.net/specs/openid-connect-backchannel-1_0.html#Validation OpenID Connect Back-Channel Logout section 2.6}
 */
export async function checkLogoutToken(
  token: string,
  { issuer, client, algorithms, jwks, now }: LogoutTokenRules,
): Promise<LogoutToken> {
  const { payload, protectedHeader } = await verify(token, algorithms, jwks)
  const { typ = 'jwt' } = protectedHeader
  if (!types.has(typ.toLowerCase())) throw new InvalidLogoutToken('its typ is another one.')
  const claims = payloadSchema.safeParse(payload)
  if (!claims.success) {
    const [name = 'a claim'] = claims.error.issues[0]?.path ?? []
    throw new InvalidLogoutToken(`${String(name)} is missing, wrong, or must not be there.`)
  }
  const { iss, aud, iat, exp, jti, events, sid, sub } = claims.data
  const seconds = now / 1000
  const event = events[EVENT]
  const rules: readonly (readonly [boolean, string])[] = [
    [iss === issuer, 'its issuer is another one.'],
    [[aud].flat().includes(client.id), 'it is for another client.'],
    [iat <= seconds + TOLERANCE, 'it is from the future.'],
    [exp > seconds - TOLERANCE, 'it has expired.'],
    [typeof event === 'object' && event !== null, 'its events name no back-channel logout.'],
    [sid !== undefined || sub !== undefined, 'it has neither sub nor sid.'],
  ]
  const broken = rules.find(([isKept]) => !isKept)
  if (broken !== undefined) throw new InvalidLogoutToken(broken[1])
  return { jti, exp, sid, sub }
}

async function verify(token: string, algorithms: readonly string[], jwks: JSONWebKeySet) {
  try {
    const { payload, protectedHeader } = await compactVerify(token, createLocalJWKSet(jwks), {
      algorithms: [...algorithms],
    })
    const content: unknown = JSON.parse(new TextDecoder().decode(payload))
    return { payload: content, protectedHeader }
  } catch (cause) {
    throw new InvalidLogoutToken('its signature cannot be verified.', { cause })
  }
}
