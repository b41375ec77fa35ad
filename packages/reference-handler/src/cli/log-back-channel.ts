// Says at the start whether sessions can be ended from elsewhere.
import { BACK_CHANNEL_LOGOUT_PATH } from '../agent/back-channel-path.ts'
import type { Configuration } from '../configuration/schema.ts'
import type { Log, Ports } from '../ports.ts'

/** Names the endpoint to register at the authorization server, or what it takes to have one. */
export function logBackChannel(
  log: Log,
  { agentPath, client }: Configuration,
  { store }: Pick<Ports, 'store'>,
): void {
  const fields = { client: client.id, path: agentPath + BACK_CHANNEL_LOGOUT_PATH }
  if (store === undefined)
    log.info(fields, 'no back-channel logout: it needs a store, see redis.url')
  else log.info(fields, 'back-channel logout is served')
}
