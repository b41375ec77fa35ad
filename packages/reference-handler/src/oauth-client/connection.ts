// The connection to one authorization server: its protocol and its metadata, read once for all that need them.
import { perConfiguration } from '../per-configuration.ts'
import type { Ports } from '../ports.ts'
import { attempt } from './classify-failure.ts'
import type { Attempt } from './classify-failure.ts'
import type { Endpoint } from './endpoint.ts'
import { createMetadataSource } from './metadata.ts'
import { createProtocol } from './protocol.ts'
import type { Protocol } from './protocol.ts'

/** The connection to an authorization server. */
export interface Connection {
  readonly protocol: Protocol
  /**
   * Runs an action within `authorizationServer.timeout`, discovery included. Never rejects.
   *
   * @param action - gets the metadata, the protocol and the signal that aborts at the deadline
   */
  readonly request: <T>(action: (endpoint: Endpoint) => T | Promise<T>) => Promise<Attempt<T>>
}

/**
 * The connection of a configuration. Agent, token exchange and readiness get the same one: metadata that one of
 * them has read stays in use for all (decisions/0017).
 */
export const connectionOf = perConfiguration<Ports, Connection>((configuration, ports) => {
  const { authorizationServer } = configuration
  const protocol = createProtocol(configuration, ports)
  const metadataSource = createMetadataSource(authorizationServer, protocol, ports.now, ports.log)
  return {
    protocol,
    request: (action) =>
      attempt(authorizationServer.timeout, async (signal) =>
        action({ metadata: await metadataSource(signal), protocol, signal }),
      ),
  }
})
