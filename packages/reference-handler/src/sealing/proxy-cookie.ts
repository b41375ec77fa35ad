// The proxy cookie: what the agent hands to the proxy through the browser.
import { LRUCache } from 'lru-cache'
import * as z from 'zod'
import type { Sealer } from './sealer.ts'

/** Content of the proxy cookie. */
export interface ProxyCookie {
  readonly accessToken: string
  /** Milliseconds since the epoch. */
  readonly issuedAt: number
  /** Milliseconds since the epoch, when the authorization server said it. */
  readonly expiresAt?: number
}

/** A tuple, because every byte counts in a cookie. */
const sealedProxyCookie = z.tuple([z.string().min(1), z.number(), z.number().nullable()])

/**
 * Reads the value of a proxy cookie. Resolves with the content, expired or not, or with `undefined`
 * when it is not a proxy cookie of ours.
 */
export type ProxyCookieReader = (value: string) => Promise<ProxyCookie | undefined>

const MAX_OPENED_COOKIES = 1000

/** Milliseconds that an opened cookie is kept when nobody knows when its access token expires. */
const KEPT_WITHOUT_EXPIRY = 300_000

/** Milliseconds between two searches for opened cookies whose time is over. */
const PURGED_EVERY = 1000

/** Resolves with the value of the proxy cookie. */
export function sealProxyCookie(sealer: Sealer, cookie: ProxyCookie): Promise<string> {
  const content = [cookie.accessToken, cookie.issuedAt, cookie.expiresAt ?? null]
  return sealer.seal('proxy', content)
}

/**
 * Creates a reader with a memory: opening costs more than the rest of the proxy's work, and the same
 * cookie comes with every request. Opened cookies are kept by their value, a thousand of them, none
 * longer than its access token lives, and none once the secrets changed: a secret that is taken back
 * opens nothing any more.
 *
 * @param now - milliseconds since the epoch
 * @param secrets - see {@link SealerOptions.secrets}
 */
export function createProxyCookieReader(
  sealer: Sealer,
  now: () => number,
  secrets: () => readonly string[],
): ProxyCookieReader {
  let openedWith = secrets()
  let purgedAt = now()
  const opened = new LRUCache<string, ProxyCookie>({
    max: MAX_OPENED_COOKIES,
    perf: { now },
    ttl: KEPT_WITHOUT_EXPIRY,
    ttlResolution: 0,
  })

  /** Looks at every cookie, which takes longer than opening one: so not each time. */
  function purge(): void {
    if (now() < purgedAt + PURGED_EVERY) return
    opened.purgeStale()
    purgedAt = now()
  }

  return async (value) => {
    const current = secrets()
    if (current !== openedWith) opened.clear()
    openedWith = current
    const known = opened.get(value)
    if (known) return known
    const cookie = await openProxyCookie(sealer, value)
    const lifetime =
      cookie?.expiresAt === undefined ? KEPT_WITHOUT_EXPIRY : cookie.expiresAt - now()
    if (cookie && lifetime > 0 && secrets() === current) {
      purge()
      opened.set(value, cookie, { ttl: lifetime })
    }
    return cookie
  }
}

async function openProxyCookie(sealer: Sealer, value: string): Promise<ProxyCookie | undefined> {
  const content = sealedProxyCookie.safeParse(await sealer.open('proxy', value))
  if (!content.success) return undefined
  const [accessToken, issuedAt, expiresAt] = content.data
  return { accessToken, issuedAt, ...(expiresAt !== null && { expiresAt }) }
}
