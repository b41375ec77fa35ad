// The names and keys for the shared store that all parts of one configuration use.
import { perConfiguration } from '../per-configuration.ts'
import { secretsOf, tenantOf } from '../sealing/configured-sealer.ts'
import type { Ports } from '../ports.ts'
import { createStoreKeys } from './store-keys.ts'
import type { StoreKeys } from './store-keys.ts'

/** What a host can bring along for names and keys. */
export type KeyPorts = Pick<Ports, 'cookieSecrets' | 'storeCrypto'>

/** The keys of a deployment, one set for each configuration and ports; scoped as cookies are. */
export const storeKeysOf = perConfiguration<KeyPorts, StoreKeys>((configuration, ports) =>
  createStoreKeys({
    secrets: secretsOf(configuration, ports),
    tenant: tenantOf(configuration),
    crypto: ports.storeCrypto,
  }),
)
