// What a request to the authorization server is made with.
import type { Metadata } from './metadata.ts'
import type { Protocol } from './protocol.ts'

/** A client of one authorization server, for the time of one action. */
export interface Endpoint {
  readonly metadata: Metadata
  readonly protocol: Protocol
  readonly signal: AbortSignal
}
