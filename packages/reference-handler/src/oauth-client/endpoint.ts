// What a request to the authorization server is made with.
import type { StoreCrypto } from '../store/store-crypto.ts'
import type { DpopKeys } from './configured-dpop-keys.ts'
import type { ExpectedIssuer } from './issuer.ts'
import type { Metadata } from './metadata.ts'
import type { Protocol } from './protocol.ts'
import type { SigningKeys } from './signing-keys.ts'

/** The clock that tokens are judged by. */
export interface Clock {
  /** Milliseconds since the epoch. */
  readonly now: () => number
  /** Seconds that the authorization server's clock may differ. */
  readonly tolerance: number
}

/** A client of one authorization server, for the time of one action. */
export interface Endpoint {
  readonly metadata: Metadata
  readonly issuer: ExpectedIssuer
  readonly protocol: Protocol
  readonly keys: SigningKeys
  /** Those that access tokens are bound to; `undefined` where they are bearer tokens. */
  readonly dpop: DpopKeys | undefined
  readonly clock: Clock
  /** SHA-256. */
  readonly hash: StoreCrypto['hash']
  readonly signal: AbortSignal
}
