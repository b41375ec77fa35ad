// The proxy cookie: what the agent hands to the proxy through the browser.
import { createOpenedCookies } from './opened-cookies.ts'
import type { SessionMarks } from '../store/session-marks.ts'
import type { Sealer } from './sealer.ts'

/** Content of the proxy cookie. */
export interface ProxyCookie {
  readonly accessToken: string
  /** Milliseconds since the epoch. */
  readonly issuedAt: number
  /** Milliseconds since the epoch, when the authorization server said it. */
  readonly expiresAt?: number
  /** Thumbprint of the key that the access token is bound to; without one it is a bearer token. */
  readonly dpopKey?: string
  /** What the session is ended by from elsewhere; only where there is a store that tells. */
  readonly session?: SessionMarks
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
  const { accessToken, dpopKey, issuedAt, expiresAt = null, session } = cookie
  const marks = session === undefined ? [] : [session.startedAt, ...session.marks]
  // A reader that does not know of keys must not take a bound token for a bearer token: to it, a list is no token.
  const token = dpopKey === undefined ? accessToken : [accessToken, dpopKey]
  const content = [token, issuedAt, expiresAt, ...marks]
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
  if (!Array.isArray(content) || content.length < 3) return undefined
  const [token, issuedAt, expiresAt, startedAt, ...marks]: readonly unknown[] = content
  const [accessToken, dpopKey]: readonly unknown[] = Array.isArray(token) ? token : [token]
  if (typeof accessToken !== 'string' || accessToken === '') return undefined
  if (Array.isArray(token) ? typeof dpopKey !== 'string' : dpopKey !== undefined) return undefined
  if (typeof issuedAt !== 'number') return undefined
  if (expiresAt !== null && typeof expiresAt !== 'number') return undefined
  if (startedAt !== undefined && typeof startedAt !== 'number') return undefined
  if (!marks.every((mark) => typeof mark === 'string')) return undefined
  return {
    accessToken,
    issuedAt,
    ...(expiresAt !== null && { expiresAt }),
    ...(typeof dpopKey === 'string' && { dpopKey }),
    ...(startedAt !== undefined && { session: { startedAt, marks } }),
  }
}
