// The memory of what was read: cookies and tokens come with every request, and need not be read each time.
import { LRUCache } from 'lru-cache'

/** What sealed or signed texts hold, by the text. */
export interface RecentlyRead<Content> {
  readonly find: (text: string) => Content | undefined
  /**
   * Takes note of a text. What it holds is kept when it comes for the second time.
   *
   * @param lifetime - milliseconds after which it is forgotten
   */
  readonly keep: (text: string, content: Content, lifetime: number) => void
  readonly clear: () => void
}

const MAX_TEXTS = 1000

/**
 * Characters at the end of a text by which it is looked up: half of a cookie's authentication tag, the
 * end of a token's signature. To hash all of it takes longer than the rest of finding it. V8 copies so
 * short a part of a text; a longer one would keep the whole `Cookie` header in memory.
 */
const KEY_LENGTH = 12

/** Milliseconds between two searches for texts whose time is over. */
const PURGED_EVERY = 1000

/**
 * Creates an empty memory, with room for the thousand texts that came last. What comes only once is
 * not kept: when many do, making room and garbage of each takes half as long as opening a cookie.
 *
 * @param now - milliseconds since the epoch
 */
export function createRecentlyRead<Content>(now: () => number): RecentlyRead<Content> {
  const kept = new LRUCache<string, { readonly text: string; readonly content: Content }>({
    max: MAX_TEXTS,
    perf: { now },
    ttlResolution: 0,
  })
  const seenOnce = new Set<string>()
  let purgedAt = now()

  /** Looks at every text, which takes longer than opening a cookie: so not each time. */
  function purge(): void {
    if (now() < purgedAt + PURGED_EVERY) return
    kept.purgeStale()
    purgedAt = now()
  }

  return {
    find(text) {
      const found = kept.get(keyOf(text))
      return found?.text === text ? found.content : undefined
    },
    keep(text, content, lifetime) {
      const key = keyOf(text)
      if (seenOnce.delete(key)) {
        purge()
        kept.set(key, { text: copy(text), content }, { ttl: lifetime })
        return
      }
      if (seenOnce.size === MAX_TEXTS) seenOnce.clear()
      seenOnce.add(key)
    },
    clear() {
      kept.clear()
    },
  }
}

const keyOf = (text: string) => text.slice(-KEY_LENGTH)

/** Through bytes and back: a cookie by itself, and not as a part of the header it came in. */
const copy = (text: string) => new TextDecoder().decode(new TextEncoder().encode(text))
