// The connection to one authorization server: its protocol and its metadata, read once for all that need them.
import { needsSigningKeys } from '../configuration/signing-keys.ts'
import { perConfiguration } from '../per-configuration.ts'
import type { Ports } from '../ports.ts'
import { webStoreCrypto } from '../store/store-crypto.ts'
import { attempt } from './classify-failure.ts'
import type { Attempt } from './classify-failure.ts'
import { dpopKeysOf } from './configured-dpop-keys.ts'
import type { Endpoint } from './endpoint.ts'
import { expectedIssuer } from './issuer.ts'
import { createMetadataSource } from './metadata.ts'
import { createProtocol } from './protocol.ts'
import type { Protocol } from './protocol.ts'
import { createSigningKeys } from './signing-keys.ts'

/** The connection to an authorization server. */
export interface Connection {
  readonly protocol: Protocol
  /**
   * Runs an action within `authorizationServer.timeout`, discovery included. Never rejects.
   *
   * @param action - gets the metadata, the protocol and the signal that aborts at the deadline
   * @param lateFor - seconds after `authorizationServer.timeout` during which an answer is still waited for
   */
  readonly request: <T>(
    action: (endpoint: Endpoint) => T | Promise<T>,
    lateFor?: number,
  ) => Promise<Attempt<T>>
}

/**
 * The connection of a configuration. Agent, token exchange and readiness get the same one: metadata that one of
 * them has read stays in use for all (decisions/0017).
 */
export const connectionOf = perConfiguration<Ports, Connection>((configuration, ports) => {
  const { authorizationServer, client } = configuration
  const { clockTolerance, timeout } = authorizationServer
  const protocol = createProtocol(configuration, ports)
  const needsKeys = needsSigningKeys(client)
  const keys = createSigningKeys(ports.now, ports.log)
  const dpop = dpopKeysOf(configuration, ports)
  const clock = { now: ports.now, tolerance: clockTolerance }
  const { now, log } = ports
  const { hash } = ports.storeCrypto ?? webStoreCrypto
  const findMetadata = createMetadataSource(configuration, protocol, needsKeys, now, log)
  return {
    protocol,
    request: (action, lateFor = 0) =>
      attempt(timeout + lateFor, async (signal) => {
        // Nothing is lost with metadata that comes late.
        const inTime = () => (lateFor > 0 ? AbortSignal.timeout(timeout * 1000) : signal)
        const metadata = await findMetadata(inTime)
        const issuer = expectedIssuer(authorizationServer, metadata)
        return await action({ metadata, issuer, protocol, keys, dpop, clock, hash, signal })
      }),
  }
})
