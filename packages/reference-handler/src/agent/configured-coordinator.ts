// The refresh coordinator of an agent: a deployment's own, one over the shared store, or one in memory.
import type { Configuration } from '../configuration/schema.ts'
import type { Ports } from '../ports.ts'
import { scheduleWithTimers } from '../schedule.ts'
import { storeKeysOf } from '../store/configured-keys.ts'
import { coordinateRefreshes } from './coordinate-refreshes.ts'
import type { RefreshCoordinator } from './refresh-coordinator.ts'
import { createSharedRenewal } from './shared-renewal.ts'

/** Creates the coordinator of a deployment. */
export function createConfiguredCoordinator(
  configuration: Configuration,
  ports: Ports,
): RefreshCoordinator {
  const { now, log, store } = ports
  if (ports.refreshCoordinator !== undefined) return ports.refreshCoordinator
  const keptFor = configuration.refresh.resultsKeptFor * 1000
  if (store === undefined) return coordinateRefreshes({ now, keptFor })
  const keys = storeKeysOf(configuration, ports)
  const shared = createSharedRenewal({
    store: store.refreshes,
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
