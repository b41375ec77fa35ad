// The coordinator of one process that shares nothing with others.
import { coordinateRefreshes } from './coordinate-refreshes.ts'
import type { RefreshCoordinator } from './refresh-coordinator.ts'

/**
 * Creates a coordinator for one process, in memory. What another process does, it cannot know.
 *
 * @param now - milliseconds since the epoch
 * @param resultsKeptFor - seconds that a result answers latecomers
 *
 * @example
 * import { createInProcessRefreshCoordinator } from '@token-handler/reference-handler'
 *
 * const refreshCoordinator = createInProcessRefreshCoordinator(Date.now, 20)
 * console.log(typeof refreshCoordinator.renewOnce)
 */
export function createInProcessRefreshCoordinator(
  now: () => number,
  resultsKeptFor: number,
): RefreshCoordinator {
  return coordinateRefreshes({ now, keptFor: resultsKeptFor * 1000 })
}
