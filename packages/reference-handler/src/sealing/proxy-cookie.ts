// The proxy cookie: what the agent hands to the proxy through the browser.
import { createOpenedCookies } from './opened-cookies.ts'
import type { Sealer } from './sealer.ts'

/** Content of the proxy cookie. */
export interface ProxyCookie {
  readonly accessToken: string
  /** Milliseconds since the epoch. */
  readonly issuedAt: number
  /** Milliseconds since the epoch, when the authorization server said it. */
  readonly expiresAt?: number
}

/**
 * Reads the value of a proxy cookie: its content, expired or not. What is remembered is there at once;
 * anything else is opened, and resolves with `undefined` when it is not a proxy cookie of ours.
 */
export type ProxyCookieReader = (value: string) => ProxyCookie | Promise<ProxyCookie | undefined>

/** Milliseconds that an opened cookie is cached if the expiry of its access token is unknown. */
const KEPT_WITHOUT_EXPIRY = 300_000

/** Resolves with the value of the proxy cookie. */
export function sealProxyCookie(sealer: Sealer, cookie: ProxyCookie): Promise<string> {
  // A tuple, because every byte counts in a cookie.
  const content = [cookie.accessToken, cookie.issuedAt, cookie.expiresAt ?? null]
  return sealer.seal('proxy', content)
}

/** Resolves with the content of a proxy cookie, expired or not, or `undefined` when it is not one of ours. */
export async function openProxyCookie(
  sealer: Sealer,
  value: string,
): Promise<ProxyCookie | undefined> {
  return readContent(await sealer.open('proxy', value))
}

/**
 * Creates a reader with a memory: opening costs more than the rest of the proxy's work, and the same
 * cookie comes with every request. Nothing is remembered longer than its access token lives, and
 * nothing once the secrets changed: a secret that is taken back opens nothing any more.
 *
 * @param now - milliseconds since the epoch
 * @param secrets - see {@link SealerOptions.secrets}
 */
export function createProxyCookieReader(
  sealer: Sealer,
  now: () => number,
  secrets: () => readonly string[],
): ProxyCookieReader {
  const opened = createOpenedCookies<ProxyCookie>(now)
  let openedWith = secrets()

  /** Whose secrets changed in the meantime is not kept: it may be one that opens no more. */
  async function open(value: string, current: readonly string[]): Promise<ProxyCookie | undefined> {
    const cookie = await openProxyCookie(sealer, value)
    const lifetime =
      cookie?.expiresAt === undefined ? KEPT_WITHOUT_EXPIRY : cookie.expiresAt - now()
    if (cookie && lifetime > 0 && secrets() === current) opened.keep(value, cookie, lifetime)
    return cookie
  }

  return (value) => {
    const current = secrets()
    if (current !== openedWith) opened.clear()
    openedWith = current
    return opened.find(value) ?? open(value, current)
  }
}

/** By hand, because it is part of every request whose cookie is not remembered. */
function readContent(content: unknown): ProxyCookie | undefined {
  if (!Array.isArray(content) || content.length !== 3) return undefined
  const [accessToken, issuedAt, expiresAt]: readonly unknown[] = content
  if (typeof accessToken !== 'string' || accessToken === '') return undefined
  if (typeof issuedAt !== 'number') return undefined
  if (expiresAt === null) return { accessToken, issuedAt }
  return typeof expiresAt === 'number' ? { accessToken, issuedAt, expiresAt } : undefined
}
