// The authorization server's signing keys: read when first needed, read again when a signature fits none of them.
import { compactVerify, createLocalJWKSet, decodeProtectedHeader, errors } from 'jose'
import type { CompactJWSHeaderParameters, JSONWebKeySet, JWK } from 'jose'
import * as oauth from 'oauth4webapi'
import type { Log } from '../ports.ts'
import { describeUnavailability, InvalidToken, UnusableAnswer } from './classify-failure.ts'
import type { Metadata } from './metadata.ts'
import type { Protocol } from './protocol.ts'

/** Where keys are read from, and how. */
interface Reading {
  readonly metadata: Metadata
  readonly protocol: Protocol
  readonly signal: AbortSignal
}

/** Verifies signatures of the authorization server. */
export interface SigningKeys {
  /**
   * Resolves with the payload of a JWT whose signature one of the keys verifies. Nothing in it has been checked yet.
   *
   * @param algorithms - the signature algorithms that are accepted (RFC 7518 section 3.1)
   * @throws {InvalidToken} when the JWT is malformed, or none of the keys verifies it
   * @throws {UnusableAnswer} when there are no usable keys to be had
   */
  readonly verify: (
    jwt: string,
    algorithms: readonly string[],
    reading: Reading,
  ) => Promise<Record<string, unknown>>
}

/** Milliseconds after which keys are read again, so that withdrawn ones go out of use. */
const KEPT_FOR = 300_000

/** How often keys may be read again within a minute because a signature fitted none. */
const REREADS_PER_MINUTE = 5

interface Kept {
  readonly url: string
  readonly keys: JSONWebKeySet
  readonly readAt: number
}

/**
 * Creates the keys of one authorization server. A signature that no key verifies is a reason to read them once more,
 * whatever their age: servers rotate keys at once in an emergency, some without a new `kid`. While they cannot be
 * read, known keys stay in use.
 *
 * @param now - milliseconds since the epoch
 * @see {@link https://openid.net/specs/openid-connect-core-1_0.html#RotateSigKeys OpenID Connect Core section 10.1.1}
 */
export function createSigningKeys(now: () => number, log: Log): SigningKeys {
  let kept: Kept | undefined
  let rereads: number[] = []
  let rereading: Promise<unknown> | undefined

  async function read(url: string, reading: Reading): Promise<JSONWebKeySet> {
    const readAt = now()
    const keys = await fetchKeys(url, reading)
    kept = { url, keys, readAt }
    return keys
  }

  async function current(url: string, reading: Reading): Promise<JSONWebKeySet> {
    if (kept?.url !== url) return await read(url, reading)
    const { keys, readAt } = kept
    if (now() - readAt < KEPT_FOR) return keys
    try {
      return await read(url, reading)
    } catch (error) {
      log.warn(
        { details: describeUnavailability(error) },
        'reading the signing keys failed; continuing with the known keys',
      )
      return keys
    }
  }

  /** Reads the keys again, or waits for those that are being read if that was often enough. */
  async function readAgain(url: string, reading: Reading): Promise<void> {
    rereads = rereads.filter((at) => now() - at < 60_000)
    if (rereads.length < REREADS_PER_MINUTE) {
      rereads.push(now())
      rereading = read(url, reading)
    }
    try {
      await rereading
    } finally {
      rereading = undefined
    }
  }

  return {
    async verify(jwt, algorithms, reading) {
      const header = readHeader(jwt, algorithms)
      const { jwks_uri: url } = reading.metadata
      if (typeof url !== 'string') {
        throw new UnusableAnswer('its metadata names no jwks_uri; see authorizationServer.jwksUri.')
      }
      const known = kept
      const keys = await current(url, reading)
      try {
        return await verifyWithAny(jwt, header, keys)
      } catch (error) {
        if (kept === known) await readAgain(url, reading)
        // They may be those that another sign-in has read since this one began.
        if (kept === undefined || kept.keys === keys) throw error
        return await verifyWithAny(jwt, header, kept.keys)
      }
    },
  }
}

function readHeader(jwt: string, algorithms: readonly string[]): CompactJWSHeaderParameters {
  let header: ReturnType<typeof decodeProtectedHeader>
  try {
    header = decodeProtectedHeader(jwt)
  } catch {
    throw new InvalidToken('it is no signed JWT.')
  }
  const { alg } = header
  if (alg === undefined || !algorithms.includes(alg)) {
    throw new InvalidToken(
      `its signature algorithm is ${quote(alg)}, and accepted are ${algorithms.join(', ')}.`,
    )
  }
  return { ...header, alg }
}

async function fetchKeys(url: string, { protocol, signal }: Reading): Promise<JSONWebKeySet> {
  const options = protocol.requestOptions(signal)
  const response = await options[oauth.customFetch](url, {
    method: 'GET',
    headers: { accept: 'application/json, application/jwk-set+json' },
    body: undefined,
    redirect: 'manual',
    signal,
  })
  const text = await response.text()
  if (response.status !== 200) {
    throw new UnusableAnswer(`its signing keys at ${url} were answered with ${response.status}.`)
  }
  const keys = parseKeys(text)
  if (keys === undefined) throw new UnusableAnswer(`there is no JSON Web Key Set at ${url}.`)
  return keys
}

/** Keys that are no objects are left out: one that cannot be read must not keep the others from use. */
function parseKeys(text: string): JSONWebKeySet | undefined {
  try {
    const { keys } = JSON.parse(text)
    if (!Array.isArray(keys)) return undefined
    const isKey = (key: unknown): key is JWK => typeof key === 'object' && key !== null
    return { keys: keys.filter(isKey) }
  } catch {
    return undefined
  }
}

/**
 * Tries each key that fits: names need not be unique (RFC 7517 section 4.5), and where the JWT has none, or the keys
 * have none, several fit.
 */
async function verifyWithAny(
  jwt: string,
  header: CompactJWSHeaderParameters,
  { keys }: JSONWebKeySet,
): Promise<Record<string, unknown>> {
  const named = keys.filter((key) => header.kid === undefined || key.kid === header.kid)
  const candidates = named.length > 0 ? named : keys.filter((key) => key.kid === undefined)
  let unusable: JWK | undefined
  for (const candidate of candidates) {
    try {
      const { kid: _, ...unnamed } = header
      const { payload } = await compactVerify(jwt, await importedKey(candidate)(unnamed))
      return parsePayload(payload)
    } catch (error) {
      if (error instanceof InvalidToken) throw error
      // A key for another algorithm or use does not fit; a signature that it does not verify is not its own.
      const fitsNot =
        error instanceof errors.JWKSNoMatchingKey ||
        error instanceof errors.JWSSignatureVerificationFailed ||
        error instanceof errors.JWSInvalid
      if (!fitsNot) unusable ??= candidate
    }
  }
  if (unusable !== undefined) {
    throw new UnusableAnswer(
      `its signing key ${quote(unusable.kid)} (kty ${quote(unusable.kty)}) cannot be used: members are missing or malformed.`,
    )
  }
  throw new InvalidToken(
    `none of the ${keys.length} signing keys of the authorization server verifies its signature (kid ${quote(header.kid)}, alg ${header.alg}).`,
  )
}

/** Keys that are in use, imported once for each algorithm: an import costs half as much as a verification. */
const imported = new WeakMap<JWK, ReturnType<typeof createLocalJWKSet>>()

/** @throws when the key is no JWK */
function importedKey(candidate: JWK): ReturnType<typeof createLocalJWKSet> {
  const known = imported.get(candidate)
  if (known !== undefined) return known
  const { kid: _, ...key } = candidate
  const getKey = createLocalJWKSet({ keys: [key] })
  imported.set(candidate, getKey)
  return getKey
}

function parsePayload(payload: Uint8Array): Record<string, unknown> {
  try {
    const claims: unknown = JSON.parse(new TextDecoder().decode(payload))
    if (typeof claims === 'object' && claims !== null && !Array.isArray(claims)) {
      return { ...claims }
    }
  } catch {
    // Said below.
  }
  throw new InvalidToken('its payload is no JSON object.')
}

/** A name from outside, short and printable enough for a message. */
const quote = (name: unknown): string =>
  typeof name === 'string' && /^[\w.:+/=-]{1,64}$/.test(name) ? `"${name}"` : 'without a name'
