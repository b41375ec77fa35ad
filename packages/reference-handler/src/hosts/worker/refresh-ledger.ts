// What one Durable Object knows of refreshes: the steps of a shared store, each in one go.
import type { Begun, LockWish, Outcome } from '../../store/refresh-store.ts'

/** What is worth storing. */
export interface KeptEntry {
  readonly value: string
  /** Milliseconds since the epoch. */
  readonly until: number
}

type Part = 'lock' | 'result' | 'failure' | 'ended'

/** Creates an empty ledger. */
export function createRefreshLedger(now: () => number) {
  const entries = new Map<string, KeptEntry>()
  let changes: Record<string, KeptEntry> = {}

  const keyOf = (name: string, part: Part) => `${name}:${part}`

  function find(names: readonly string[], part: Part): string | undefined {
    for (const name of names) {
      const found = entries.get(keyOf(name, part))
      if (found !== undefined && found.until > now()) return found.value
    }
    return undefined
  }

  /** A lock lives by the heartbeats of its owner, and is not worth storing. */
  function set(names: readonly string[], part: Part, value: string, keptFor: number): void {
    for (const name of names) {
      const key = keyOf(name, part)
      const entry = { value, until: now() + keptFor }
      entries.set(key, entry)
      if (part !== 'lock') changes[key] = entry
    }
  }

  return {
    /** Takes over what was stored. */
    load(stored: ReadonlyMap<string, KeptEntry>): void {
      for (const [key, entry] of stored) entries.set(key, entry)
    },
    /** What has changed since the last time. */
    takeChanges(): Record<string, KeptEntry> {
      const taken = changes
      changes = {}
      return taken
    },
    /** Forgets what is over; returns its keys. */
    purge(): readonly string[] {
      const gone = [...entries].filter(([, { until }]) => until <= now()).map(([key]) => key)
      for (const key of gone) entries.delete(key)
      return gone
    },
    isEmpty: () => entries.size === 0,

    begin(names: readonly string[], { owner, lockedFor, stale, awaited }: LockWish): Begun {
      if (find(names, 'ended') !== undefined) return { kind: 'ended' }
      const result = find(names, 'result')
      if (result !== undefined && result !== stale) return { kind: 'result', value: result }
      const failure = find(names, 'failure')
      if (awaited !== undefined && failure?.startsWith(`${awaited} `)) {
        return { kind: 'failure', value: failure.slice(awaited.length + 1) }
      }
      const holder = find(names, 'lock')
      if (holder !== undefined && holder !== owner) return { kind: 'locked', owner: holder }
      set(names, 'lock', owner, lockedFor)
      return { kind: 'acquired' }
    },
    extend(names: readonly string[], owner: string, lockedFor: number): void {
      const holder = find(names, 'lock')
      if (holder === undefined || holder === owner) set(names, 'lock', owner, lockedFor)
    },
    finish(names: readonly string[], owner: string, outcome: Outcome | undefined): boolean {
      const owns = find(names, 'lock') === owner
      if (owns) for (const name of names) entries.delete(keyOf(name, 'lock'))
      if (outcome?.kind === 'result' && (owns || find(names, 'result') === undefined)) {
        set(names, 'result', outcome.value, outcome.keptFor)
      }
      if (outcome?.kind === 'failure') {
        set(names, 'failure', `${owner} ${outcome.value}`, outcome.keptFor)
      }
      return find(names, 'ended') !== undefined
    },
    end(names: readonly string[], keptFor: number) {
      set(names, 'ended', '1', keptFor)
      return { isLocked: find(names, 'lock') !== undefined, value: find(names, 'result') }
    },
  }
}
