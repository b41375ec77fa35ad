// Validating ID tokens: signature first, then what they say about issuer, client, times and nonce.
import { decodeJwt } from 'jose'
import type { Claims } from '@token-handler/contract'
import { InvalidToken } from './classify-failure.ts'
import type { Endpoint } from './endpoint.ts'
import { readClaims } from './id-token-claims.ts'
import { isIssuer } from './issuer.ts'
import { acceptedAlgorithms } from './metadata.ts'

/** What the request asked for, as far as the ID token has to answer it. */
export interface Expectations {
  readonly nonce?: string
  /** Seconds since the user's authentication at most. */
  readonly maxAge?: number | undefined
}

type Payload = Readonly<Record<string, unknown>>

/**
 * Validates an ID token and resolves with its claims about the user.
 *
 * @throws {InvalidToken} when the ID token must not be used; the message names the rule
 * @throws {UnusableAnswer} when there are no keys to verify it with
 * @see {@link https://openid.net/specs/openid-connect-core-1_0.html#IDTokenValidation OpenID Connect Core section 3.1.3.7}
 */
export async function validateIdToken(
  endpoint: Endpoint,
  idToken: string,
  expectations: Expectations,
): Promise<Claims> {
  const { metadata, keys } = endpoint
  const algorithms = acceptedAlgorithms(metadata.id_token_signing_alg_values_supported)
  const payload = withoutNull(await keys.verify(idToken, algorithms, endpoint))
  checkParties(endpoint, payload)
  checkTimes(endpoint, payload)
  checkRequest(endpoint, payload, expectations)
  return readClaims(payload)
}

/**
 * The `sub` that an ID token claims to have, its signature not verified. Good for finding out that it cannot belong
 * to a user, and for nothing else.
 */
export function readClaimedSubject(idToken: string): unknown {
  try {
    return decodeJwt(idToken).sub
  } catch {
    return undefined
  }
}

/** `null` is what some servers write for what is absent. */
const withoutNull = (payload: Payload): Payload =>
  Object.fromEntries(Object.entries(payload).filter(([, value]) => value !== null))

function checkParties({ protocol, issuer }: Endpoint, payload: Payload): void {
  const { aud, azp, iss, sub } = payload
  const { client_id: clientId } = protocol.client
  if (!isIssuer(issuer, payload)) {
    const names = typeof iss === 'string' && URL.canParse(iss) ? ` is ${iss}, and` : ''
    throw new InvalidToken(`iss of the ID token${names} has to be ${issuer.expected}.`)
  }
  if (typeof sub !== 'string' || sub === '') throw new InvalidToken('the ID token has no sub.')
  const audiences: readonly unknown[] = Array.isArray(aud) ? aud : [aud]
  if (!audiences.includes(clientId)) {
    throw new InvalidToken('aud of the ID token does not name this client.')
  }
  if (azp === undefined ? audiences.length > 1 : azp !== clientId) {
    throw new InvalidToken('azp of the ID token does not name this client.')
  }
}

function checkTimes({ clock }: Endpoint, payload: Payload): void {
  const [exp, iat, nbf] = [payload['exp'], payload['iat'], payload['nbf']].map(readTime)
  if (exp === undefined) throw new InvalidToken('the ID token has no exp.')
  if (iat === undefined) throw new InvalidToken('the ID token has no iat.')
  const now = clock.now()
  const tolerance = clock.tolerance * 1000
  if (exp * 1000 <= now - tolerance) {
    throw new InvalidToken(`the ID token expired at ${describeClocks(exp, now)}`)
  }
  if (nbf !== undefined && nbf * 1000 > now + tolerance) {
    throw new InvalidToken(`the ID token is not valid before ${describeClocks(nbf, now)}`)
  }
}

const describeClocks = (time: number, now: number): string =>
  `${toText(time * 1000)}, and the clock of this machine says ${toText(now)}. Set both clocks right, or raise authorizationServer.clockTolerance.`

const toText = (milliseconds: number): string => {
  // oxlint-disable-next-line no-restricted-globals -- writes a time, and does not read the clock
  const date = new Date(milliseconds)
  return Number.isNaN(date.getTime()) ? 'an impossible time' : date.toISOString()
}

function checkRequest({ clock }: Endpoint, payload: Payload, expectations: Expectations): void {
  const { nonce, maxAge } = expectations
  if (nonce !== undefined && payload['nonce'] !== nonce) {
    throw new InvalidToken('nonce of the ID token is not the one of the authorization request.')
  }
  if (maxAge === undefined) return
  const authTime = readTime(payload['auth_time'])
  if (authTime === undefined) {
    throw new InvalidToken('the ID token has no auth_time, which max_age asks for.')
  }
  if ((authTime + maxAge + clock.tolerance) * 1000 < clock.now()) {
    throw new InvalidToken('the user’s authentication is older than max_age allows.')
  }
}

/** Seconds since the epoch; some servers write them as text. */
function readTime(value: unknown): number | undefined {
  const number = typeof value === 'string' && /^\d{1,12}$/.test(value) ? Number(value) : value
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined
}
