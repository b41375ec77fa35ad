// Proofs that the handler possesses the key an access token is bound to, one for each request to an API.
import type { DpopKeys } from '../oauth-client/configured-dpop-keys.ts'
import type { HeaderLines } from './headers.ts'

/** A bound access token on its way to an API: what each proof is made for. */
export interface BoundToken {
  readonly accessToken: string
  /** Thumbprint of its key. */
  readonly dpopKey: string
  readonly method: string
  /** The URL that the API is called by, without its query. */
  readonly url: string
  /** The server that gives nonces. */
  readonly origin: string
}

/** An answer of an API, as far as it is about proofs. */
export interface ProofAnswer {
  readonly status: number
  readonly headers: HeaderLines
}

/** Makes proofs, and keeps the nonces that APIs want in them. */
export interface Proofs {
  /** Resolves with a new proof; rejects when the key is not one of the configuration's. */
  readonly prove: (bound: BoundToken) => Promise<string>
  /** Keeps the nonce of an answer, if it has one: it replaces the one before. */
  readonly keepNonce: (bound: BoundToken, headers: HeaderLines) => void
}

/** Servers whose nonces are kept. */
const MAX_NONCES = 1000

/** Far more than a nonce needs, and less than makes headers too long. */
const MAX_NONCE_LENGTH = 1024

/**
 * Creates the proofs of a deployment.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc9449#section-7 RFC 9449 section 7}
 * @see {@link https://www.rfc-editor.org/rfc/rfc9449#section-9 RFC 9449 section 9}, nonces of resource servers
 */
export function createProofs(keys: DpopKeys): Proofs {
  const nonces = new Map<string, string>()
  return {
    async prove({ accessToken, dpopKey, method, origin, url }) {
      const key = await keys.find(dpopKey)
      if (key === undefined) throw new Error('The key of an access token is not configured.')
      return await key.prove({ accessToken, method, url, nonce: nonces.get(origin) })
    },
    keepNonce({ origin }, headers) {
      const nonce = findNonce(headers)
      if (nonce === undefined) return
      if (!nonces.has(origin) && nonces.size === MAX_NONCES) nonces.clear()
      nonces.set(origin, nonce)
    },
  }
}

/** @see {@link https://www.rfc-editor.org/rfc/rfc9449#section-8.1 RFC 9449 section 8.1}, the syntax of nonces */
function findNonce(headers: HeaderLines): string | undefined {
  for (let index = 0; index < headers.length; index += 2) {
    if (headers[index]?.toLowerCase() !== 'dpop-nonce') continue
    const nonce = headers[index + 1] ?? ''
    return /^[\x21\x23-\x5b\x5d-\x7e]+$/.test(nonce) && nonce.length <= MAX_NONCE_LENGTH
      ? nonce
      : undefined
  }
  return undefined
}

/** Whether an API has refused a request only because it wants its nonce in the proof. */
export function wantsNonce({ status, headers }: ProofAnswer): boolean {
  if (status !== 401 || findNonce(headers) === undefined) return false
  return headers.some(
    (name, index) =>
      index % 2 === 0 &&
      name.toLowerCase() === 'www-authenticate' &&
      /\bdpop\b.*\berror\s*=\s*"?use_dpop_nonce\b/i.test(headers[index + 1] ?? ''),
  )
}

/** The headers of a request with another proof. */
export const withProof = (headers: HeaderLines, proof: string): HeaderLines =>
  headers.map((line, index) => (index % 2 === 1 && headers[index - 1] === 'dpop' ? proof : line))
