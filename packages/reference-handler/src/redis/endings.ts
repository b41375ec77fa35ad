// Ended sessions in Redis: a stream that every instance follows, and a key for each that is asked about.
import type { Log } from '../ports.ts'
import type { EndingStore } from '../store/ending-store.ts'
import type { Connection } from './connection.ts'

/** Milliseconds between two looks at the stream. A blocking command would need a connection of its own. */
const LOOK_EVERY = 250

/** Milliseconds that entries stay in the stream. */
const KEPT_FOR = 86_400_000

const ENTRIES_AT_ONCE = 1000

/** The ended sessions of a connection, and what stops following them. */
export interface EndingConnection extends EndingStore {
  readonly stop: () => void
}

/** The stream's key. */
export const streamOf = (prefix: string): string => `${prefix}ended-sessions`

/** Creates the store. One reader serves all tenants that follow. */
export function createEndingStore(
  connection: Connection,
  prefix: string,
  log: Log,
): EndingConnection {
  const stream = streamOf(prefix)
  const listeners = new Set<(entry: string, position: string) => void>()
  let position = `${Date.now() - KEPT_FOR}-0`
  let timer: NodeJS.Timeout | undefined
  let isBehind = false

  async function look(): Promise<void> {
    for (let isMore = true; isMore;) {
      const answer = await connection.call('follow', (client) =>
        client.xread('COUNT', ENTRIES_AT_ONCE, 'STREAMS', stream, position),
      )
      const entries = readEntries(answer)
      for (const [id, entry] of entries) {
        position = id
        for (const listener of listeners) listener(entry, id)
      }
      isMore = entries.length === ENTRIES_AT_ONCE
    }
  }

  function lookAgain(): void {
    look().then(
      () => {
        if (isBehind) log.info({}, 'following ended sessions again')
        isBehind = false
        plan()
      },
      () => {
        if (!isBehind)
          log.warn({}, 'ended sessions cannot be followed; those ended now are heard of later')
        isBehind = true
        plan()
      },
    )
  }
  const plan = () => {
    if (listeners.size > 0) timer = setTimeout(lookAgain, LOOK_EVERY).unref()
  }

  return {
    async publish(entry, names, at, keptFor) {
      await Promise.all([
        connection.call('publish', (client) =>
          client.xadd(stream, 'MINID', '~', Date.now() - KEPT_FOR, '*', 'e', entry),
        ),
        ...names.map((name) =>
          connection.call('mark', (client) => client.set(prefix + name, String(at), 'PX', keptFor)),
        ),
      ])
    },
    async find(names) {
      const keys = names.map((name) => prefix + name)
      const found = await connection.getAll('marked', keys)
      const instants = found.filter((value) => value !== null).map(Number)
      return instants.length === 0 ? undefined : Math.max(...instants)
    },
    follow(listener) {
      listeners.add(listener)
      if (listeners.size === 1) lookAgain()
      // Those who come later hear what the first has heard.
      else position = `${Date.now() - KEPT_FOR}-0`
      return () => void listeners.delete(listener)
    },
    async once(names, keptFor) {
      const set = await Promise.all(
        names.map((name) =>
          connection.call('once', (client) => client.set(prefix + name, '1', 'PX', keptFor, 'NX')),
        ),
      )
      return set.every((answer) => answer === 'OK')
    },
    stop() {
      listeners.clear()
      clearTimeout(timer)
    },
  }
}

/** Of the one stream that was read: id and value of each entry. */
function readEntries(
  answer: readonly (readonly [string, readonly (readonly [string, readonly string[]])[]])[] | null,
): readonly (readonly [string, string])[] {
  const [[, entries] = ['', []]] = answer ?? []
  return entries.map(([id, fields]) => [id, fields[1] ?? ''] as const)
}
