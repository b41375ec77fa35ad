// The outside world of a handler on Node.
import type { Log, Ports } from '../../ports.ts'
import { createNodeFetch } from '../node/node-fetch.ts'
import { createNodeSealer } from '../node/node-sealer.ts'
import { nodeStoreCrypto } from '../node/node-store-crypto.ts'

/** Creates the ports of a server, some of them replaced. */
export function createServerPorts(log: Log, replaced: Partial<Ports>): Ports {
  return {
    fetch: createNodeFetch(log),
    now: Date.now,
    log,
    createSealer: createNodeSealer,
    storeCrypto: nodeStoreCrypto,
    ...replaced,
  }
}
