// The end of sessions that are not bound to a device, where they have to be.
import type { Configuration } from '../../configuration/schema.ts'
import type { SessionContent } from '../session-cookie.ts'

/** When a session that is not bound ends where it has to be; `undefined` otherwise. Milliseconds since the epoch. */
export function unboundEnd(
  { deviceBinding: { mode, within } }: Configuration,
  { deviceKey, startedAt }: Pick<SessionContent, 'deviceKey' | 'startedAt'>,
): number | undefined {
  return mode === 'require' && deviceKey === undefined ? startedAt + within * 1000 : undefined
}
