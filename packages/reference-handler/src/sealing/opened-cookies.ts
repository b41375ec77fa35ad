// The memory of opened cookies, so that a cookie that comes with every request is not opened each time.
import { createExpiringMap } from '../expiring-map.ts'

/** What cookies hold, by their value. */
export interface OpenedCookies<Content> {
  readonly find: (value: string) => Content | undefined
  /**
   * Takes note of a cookie. What it holds is kept when it comes for the second time.
   *
   * @param lifetime - milliseconds after which it is forgotten
   */
  readonly keep: (value: string, content: Content, lifetime: number) => void
  readonly clear: () => void
}

const MAX_COOKIES = 1000

/**
 * Characters at the end of a cookie by which it is looked up: half of its authentication tag. To hash
 * all of it takes longer than the rest of finding it. V8 copies so short a part of a text; a longer one
 * would keep the whole `Cookie` header in memory.
 */
const KEY_LENGTH = 12

/** Milliseconds between two searches for cookies whose time is over. */
const PURGED_EVERY = 1000

/**
 * Creates an empty memory, with room for the thousand cookies that were used last. What comes only
 * once is not kept: when many do, making room and garbage of each takes half as long as opening it.
 *
 * @param now - milliseconds since the epoch
 */
export function createOpenedCookies<Content>(now: () => number): OpenedCookies<Content> {
  const opened = createExpiringMap<{ readonly value: string; readonly content: Content }>(
    MAX_COOKIES,
    now,
  )
  const seenOnce = new Set<string>()
  let purgedAt = now()

  /** Looks at every cookie, which takes longer than opening one: so not each time. */
  function purge(): void {
    if (now() < purgedAt + PURGED_EVERY) return
    opened.purge()
    purgedAt = now()
  }

  return {
    find(value) {
      const found = opened.get(keyOf(value))
      return found?.value === value ? found.content : undefined
    },
    keep(value, content, lifetime) {
      const key = keyOf(value)
      if (seenOnce.delete(key)) {
        purge()
        opened.set(key, { value: copy(value), content }, lifetime)
        return
      }
      if (seenOnce.size === MAX_COOKIES) seenOnce.clear()
      seenOnce.add(key)
    },
    clear() {
      opened.clear()
    },
  }
}

const keyOf = (value: string) => value.slice(-KEY_LENGTH)

/** Through bytes and back: a cookie by itself, and not as a part of the header it came in. */
const copy = (text: string) => new TextDecoder().decode(new TextEncoder().encode(text))
