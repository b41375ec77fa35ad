// A shared store in memory, for tests: every step is atomic, and time is the test's.
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

  return { entries, refreshes }
}
