// What has been ended within the last day, in the order of the store: for gateways, which ask for what is new.

/** What was ended at once. */
export interface Ending {
  /** Milliseconds since the epoch. */
  readonly at: number
  readonly marks: readonly string[]
}

/** A part of the history. */
export interface EndingsSince {
  readonly endings: readonly Ending[]
  /** Of the last one; to ask for what comes after it, at this instance or at another. */
  readonly position: string
  readonly isMore: boolean
}

/** The history that one instance has heard. */
export interface EndingHistory {
  /** Takes note, in the order of the store; what it has noted before, it leaves as it is. */
  readonly note: (position: string, ending: Ending) => void
  /** So many endings after a position; from the beginning, where the position is none. */
  readonly since: (position: string, limit: number) => EndingsSince
}

/** Entries that an instance remembers; a gateway that is further behind misses the oldest of them. */
export const MAX_ENDINGS = 100_000

interface Entry {
  readonly position: string
  readonly key: Key
  readonly ending: Ending
}

/** A position as numbers, to be compared. */
interface Key {
  readonly major: number
  readonly minor: number
}

/**
 * Creates an empty history.
 *
 * @param keptFor - milliseconds after which an ending is forgotten
 * @param now - milliseconds since the epoch
 */
export function createEndingHistory(keptFor: number, now: () => number): EndingHistory {
  /** In the order of the store. */
  const entries: Entry[] = []

  function forget(): void {
    const isOld = ({ ending }: Entry) => ending.at <= now() - keptFor
    const kept = entries.findIndex((entry) => !isOld(entry))
    const old = kept === -1 ? entries.length : kept
    // By tenths: moving all that stays has its price.
    const surplus = entries.length > MAX_ENDINGS ? MAX_ENDINGS / 10 : 0
    if (old > 0 || surplus > 0) entries.splice(0, Math.max(old, surplus))
  }

  /** Where the first entry after a position is, or would be. */
  function indexAfter(key: Key): number {
    let [low, high] = [0, entries.length]
    while (low < high) {
      const middle = (low + high) >> 1
      if (compare((entries[middle] as Entry).key, key) > 0) high = middle
      else low = middle + 1
    }
    return low
  }

  return {
    note(position, ending) {
      forget()
      const key = read(position)
      if (key === undefined) return
      const index = indexAfter(key)
      if (entries[index - 1]?.position !== position) {
        entries.splice(index, 0, { position, key, ending })
      }
    },
    since(after, limit) {
      const key = read(after)
      const index = key === undefined ? 0 : indexAfter(key)
      const page = entries.slice(index, index + limit)
      return {
        endings: page.map(({ ending }) => ending),
        // An instance that is behind another has heard nothing after this one's.
        position: page.at(-1)?.position ?? after,
        isMore: index + page.length < entries.length,
      }
    },
  }
}

const compare = (one: Key, other: Key): number => one.major - other.major || one.minor - other.minor

/** Positions are two numbers: `1700000000000-0`. Everything comes after what is none. */
function read(position: string): Key | undefined {
  const [, major, minor] = /^(\d{1,15})-(\d{1,15})$/.exec(position) ?? []
  return major === undefined ? undefined : { major: Number(major), minor: Number(minor) }
}
