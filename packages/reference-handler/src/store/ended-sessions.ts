// Sessions that were ended from elsewhere: pushed to every instance, so that no request has to ask.
import { createExpiringMap } from '../expiring-map.ts'
import { leftOut } from '../left-out.ts'
import { perConfiguration } from '../per-configuration.ts'
import type { Ports } from '../ports.ts'
import { storeKeysOf } from './configured-keys.ts'
import { createEndingHistory } from './ending-history.ts'
import type { EndingsSince } from './ending-history.ts'
import type { EndingStore } from './ending-store.ts'
import type { SessionMarks } from './session-marks.ts'
import type { StoreKeys } from './store-keys.ts'

/** The ended sessions of one configuration. */
export interface EndedSessions {
  /** Whether a session has been ended, as far as this instance has heard; it hears within a second. */
  readonly isEnded: (session: SessionMarks) => boolean
  /** Asks the store, which remembers for as long as sessions live. Rejects when it cannot be asked. */
  readonly wasEnded: (session: SessionMarks) => Promise<boolean>
  /** What this instance has heard after a position in the order of the store; an empty one is the beginning. */
  readonly since: (position: string, limit: number) => EndingsSince
  /** Ends all sessions with one of these marks that have begun until now, on all instances. */
  readonly end: (marks: readonly string[]) => Promise<void>
  /** Whether a text comes for the first time within so many milliseconds. */
  readonly isFirst: (text: string, keptFor: number) => Promise<boolean>
}

const DAY = 86_400_000

/** Access tokens that live longer than this (ms) are refused no longer; their refresh still is. */
const HEARD_FOR = DAY

/** How long the store remembers (ms) where sessions have no configured lifetime. */
const KEPT_FOR = 30 * DAY

const MAX_MARKS = 100_000

/** What entries of the stream are sealed for. */
const PURPOSE = 'ended'
const STREAM = 'stream'

/** What is needed to hear of them. */
export type EndedSessionsPorts = Pick<Ports, 'cookieSecrets' | 'createSealer' | 'now' | 'store'>

const create =
  typeof __TOKEN_HANDLER_STORE__ === 'undefined' || __TOKEN_HANDLER_STORE__
    ? createEndedSessions
    : leftOut

/** The ended sessions of a deployment, one for each configuration and ports; `undefined` without a store. */
export const endedSessionsOf = perConfiguration<EndedSessionsPorts, EndedSessions | undefined>(
  (configuration, ports) => {
    if (ports.store === undefined) return undefined
    const { lifetime } = configuration.session
    const keptFor = lifetime === undefined ? KEPT_FOR : lifetime * 1000
    return create(ports.store.endings, storeKeysOf(configuration, ports), ports.now, keptFor)
  },
)

/** Creates the ended sessions, and begins to listen. */
export function createEndedSessions(
  store: EndingStore,
  keys: StoreKeys,
  now: () => number,
  keptFor: number,
): EndedSessions {
  const heard = createExpiringMap<number>(MAX_MARKS, now)

  function note(marks: readonly string[], at: number): void {
    for (const mark of marks) heard.set(mark, Math.max(at, heard.get(mark) ?? 0), HEARD_FOR)
  }

  const history = createEndingHistory(HEARD_FOR, now)

  async function hear(entry: string, position: string): Promise<void> {
    // Entries of other tenants do not open.
    const content = await keys.open(PURPOSE, STREAM, entry)
    if (!Array.isArray(content)) return
    const [at, ...rest]: readonly unknown[] = content
    if (typeof at !== 'number') return
    const marks = rest.filter((mark) => typeof mark === 'string')
    note(marks, at)
    history.note(position, { at, marks })
  }
  // One after the other: a gateway that has been told of an entry asks for nothing before it.
  let hearing = Promise.resolve()
  store.follow((entry, position) => {
    hearing = hearing.then(() => hear(entry, position)).catch(() => {})
  })

  const namesOf = async (marks: readonly string[]) =>
    (await Promise.all(marks.map((mark) => keys.namesOf(PURPOSE, mark)))).flat()

  return {
    isEnded: ({ marks, startedAt }) =>
      heard.size() > 0 && marks.some((mark) => startedAt <= (heard.get(mark) ?? -1)),
    wasEnded: async ({ marks, startedAt }) =>
      startedAt <= ((await store.find(await namesOf(marks))) ?? -1),
    since: history.since,
    async end(marks) {
      const at = now()
      note(marks, at)
      const entry = await keys.seal(PURPOSE, STREAM, [at, ...marks])
      await store.publish(entry, await namesOf(marks), at, keptFor)
    },
    isFirst: async (text, keptFor) => await store.once(await keys.namesOf('once', text), keptFor),
  }
}
