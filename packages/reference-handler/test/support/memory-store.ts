// A shared store in memory, for tests: every step is atomic, and time is the test's.
import type { EndingStore } from '../../src/store/ending-store.ts'
import type { SessionStore } from '../../src/store/session-store.ts'
import type { SharedStore } from '../../src/store/shared-store.ts'
import type { LockWish, Outcome, RefreshStore } from '../../src/store/refresh-store.ts'

interface Kept {
  readonly value: string
  readonly until: number
}

export function createMemoryStore(now: () => number) {
  const entries = new Map<string, Kept>()

  function get(name: string): string | undefined {
    const kept = entries.get(name)
    return kept !== undefined && kept.until > now() ? kept.value : undefined
  }
  const set = (name: string, value: string, keptFor: number) =>
    entries.set(name, { value, until: now() + keptFor })
  const find = (names: readonly string[], suffix: string) =>
    names.map((name) => get(name + suffix)).find((value) => value !== undefined)
  const setAll = (names: readonly string[], suffix: string, value: string, keptFor: number) => {
    for (const name of names) set(name + suffix, value, keptFor)
  }

  const refreshes: RefreshStore = {
    async begin(names, { owner, lockedFor, stale, awaited }: LockWish) {
      if (find(names, ':ended') !== undefined) return { kind: 'ended' }
      const value = find(names, ':result')
      if (value !== undefined && value !== stale) return { kind: 'result', value }
      const failure = find(names, ':failure')
      if (awaited !== undefined && failure?.startsWith(`${awaited} `)) {
        return { kind: 'failure', value: failure.slice(awaited.length + 1) }
      }
      const holder = find(names, ':lock')
      if (holder !== undefined && holder !== owner) return { kind: 'locked', owner: holder }
      setAll(names, ':lock', owner, lockedFor)
      return { kind: 'acquired' }
    },
    async extend(names, owner, lockedFor) {
      const holder = find(names, ':lock')
      if (holder === undefined || holder === owner) setAll(names, ':lock', owner, lockedFor)
    },
    async finish(names, owner, outcome: Outcome | undefined) {
      const isOwner = find(names, ':lock') === owner
      if (isOwner) for (const name of names) entries.delete(`${name}:lock`)
      if (outcome?.kind === 'result' && (isOwner || find(names, ':result') === undefined)) {
        setAll(names, ':result', outcome.value, outcome.keptFor)
      }
      if (outcome?.kind === 'failure') {
        setAll(names, ':failure', `${owner} ${outcome.value}`, outcome.keptFor)
      }
      return find(names, ':ended') !== undefined
    },
    async end(names, keptFor) {
      setAll(names, ':ended', '1', keptFor)
      return { isLocked: find(names, ':lock') !== undefined, value: find(names, ':result') }
    },
  }

  const listeners = new Set<(entry: string, position: string) => void>()
  let published = 0
  const endings: EndingStore = {
    async publish(entry, names, at, keptFor) {
      for (const name of names) set(name, String(at), keptFor)
      published += 1
      for (const listener of listeners) listener(entry, `${published}-0`)
    },
    async find(names) {
      const found = names.map(get).filter((value) => value !== undefined)
      return found.length === 0 ? undefined : Math.max(...found.map(Number))
    },
    follow(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    async once(names, keptFor) {
      const isFirst = names.every((name) => get(name) === undefined)
      for (const name of names) set(name, '1', keptFor)
      return isFirst
    },
  }

  const sessions: SessionStore = {
    put: async (name, sealed, keptFor) => void set(name, sealed, keptFor),
    async get(name, keptFor) {
      const found = get(name)
      const isRetired = found?.startsWith('!') ?? false
      if (found !== undefined && keptFor !== undefined && !isRetired) set(name, found, keptFor)
      return isRetired ? found?.slice(1) : found
    },
    async retire(name, keptFor) {
      const found = entries.get(name)
      if (found === undefined) return
      const until = Math.min(found.until, now() + keptFor)
      entries.set(name, { value: `!${found.value}`, until })
    },
  }

  return {
    entries,
    refreshes,
    endings,
    sessions,
    rates: { take: async () => 0 },
    check: async () => undefined,
    onCall: () => undefined,
    close: async () => undefined,
  } satisfies SharedStore & { entries: unknown }
}
