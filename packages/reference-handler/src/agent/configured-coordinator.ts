// The refresh coordinator of an agent: a deployment's own, one over the shared store, or one in memory.
import type { Configuration } from '../configuration/schema.ts'
import type { Ports } from '../ports.ts'
import { scheduleWithTimers } from '../schedule.ts'
import { storeKeysOf } from '../store/configured-keys.ts'
import type { RefreshStore } from '../store/refresh-store.ts'
import { coordinateRefreshes } from './coordinate-refreshes.ts'
import type { RefreshCoordinator } from './refresh-coordinator.ts'
import { createSharedRenewal } from './shared-renewal.ts'

/** Creates the coordinator of a deployment. */
export function createConfiguredCoordinator(
  configuration: Configuration,
  ports: Ports,
): RefreshCoordinator {
  const { now, refreshCoordinator, store } = ports
  if (refreshCoordinator !== undefined) return refreshCoordinator
  if (store !== undefined) return coordinateOverStore(configuration, ports, store.refreshes)
  return coordinateRefreshes({
    now,
    keptFor: configuration.refresh.resultsKeptFor * 1000,
    crypto: ports.storeCrypto,
  })
}

/** Creates a coordinator over what a deployment shares for refreshes, and maybe for nothing else. */
export function coordinateOverStore(
  configuration: Configuration,
  ports: Ports,
  store: RefreshStore,
): RefreshCoordinator {
  const { now, log } = ports
  const keptFor = configuration.refresh.resultsKeptFor * 1000
  const keys = storeKeysOf(configuration, ports)
  const shared = createSharedRenewal({
    store,
    keys,
    schedule: ports.schedule ?? scheduleWithTimers,
    patience: configuration.authorizationServer.timeout * 1000,
    now,
    log,
    keptFor,
  })
  // What names the token in the store names it here, too.
  const keyOf = async (refreshToken: string) => (await keys.namesOf('refresh', refreshToken)).join()
  return coordinateRefreshes({ now, keptFor, shared, keyOf })
}
