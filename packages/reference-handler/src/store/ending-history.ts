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

/**
 * Creates an empty history.
 *
 * @param keptFor - milliseconds after which an ending is forgotten
 * @param now - milliseconds since the epoch
 */
export function createEndingHistory(keptFor: number, now: () => number): EndingHistory {
  const endings = new Map<string, Ending>()
  let last = ''

  function forgetOld(): void {
    for (const [position, { at }] of endings) {
      if (at > now() - keptFor) return
      endings.delete(position)
    }
  }

  return {
    note(position, ending) {
      forgetOld()
      if (isAfter(position, last)) last = position
      if (!endings.has(position)) endings.set(position, ending)
    },
    since(after, limit) {
      // As almost always.
      if (after === last) return { endings: [], position: after, isMore: false }
      const later = [...endings].filter(([position]) => isAfter(position, after))
      const page = later.slice(0, limit)
      return {
        endings: page.map(([, ending]) => ending),
        // An instance that is behind another has heard nothing after this one's.
        position: page.at(-1)?.[0] ?? after,
        isMore: later.length > page.length,
      }
    },
  }
}

/** Positions are two numbers: `1700000000000-0`. Everything comes after what is none. */
function isAfter(position: string, other: string): boolean {
  const [one, two] = [read(position), read(other)]
  if (one === undefined || two === undefined) return one !== undefined
  return one.major === two.major ? one.minor > two.minor : one.major > two.major
}

function read(position: string) {
  const [, major, minor] = /^(\d{1,15})-(\d{1,15})$/.exec(position) ?? []
  return major === undefined ? undefined : { major: Number(major), minor: Number(minor) }
}
