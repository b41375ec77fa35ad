// Which upgrades Node hands out as such: the others arrive as the requests that they are.
import type { IncomingMessage } from 'node:http'

/** Node 22.21 and 24.9 ask this of each request that offers an upgrade. */
interface Upgradable {
  shouldUpgradeCallback?: (request: IncomingMessage) => boolean
  listenerCount(event: 'upgrade'): number
}

/**
 * Has a server take only the upgrades that are wanted. Without this, one listener for `upgrade` makes an
 * upgrade of whatever request offers one, and parses none of their bodies.
 *
 * @param isWanted - by the listener that the caller has added; those of others keep theirs
 * @throws {Error} on a Node that cannot be told
 */
export function takeUpgrades(
  server: Upgradable,
  isWanted: (request: IncomingMessage) => boolean,
): void {
  const before = server.shouldUpgradeCallback
  if (before === undefined) throw new Error('Routes with webSocket need Node 22.21 or newer.')
  server.shouldUpgradeCallback = (request) =>
    isWanted(request) || (server.listenerCount('upgrade') > 1 && before.call(server, request))
}
