// Which resources go on answering 401 after a refresh: asking for one more token would change nothing.
import type { Platform } from '../platform/platform.ts'
import type { TokenRenewal } from '../session/session-facts.ts'

/** What the APIs of one page have refused. */
export interface Refusals {
  /** A resource has refused a token that was renewed for it. */
  readonly note: (resource: string, token: TokenRenewal) => void
  /** Whether its 401 to this token is final: it has outlasted a renewal before. */
  readonly isLastWord: (resource: string, token: TokenRenewal) => boolean
  /** It has let a request through: its word is no longer the last one, unless that was for a token that is still new. */
  readonly forget: (resource: string) => void
}

// So long a token counts as new, also one that was renewed by another tab, or for another resource. Milliseconds.
const NEW = 10_000
const MAX_RESOURCES = 100

interface RefusedToken {
  readonly renewedAt: number
  /** By the monotonic clock. */
  readonly goodUntil: number
}

/** None yet. */
export function createRefusals({
  now,
  monotonicNow,
}: Pick<Platform, 'now' | 'monotonicNow'>): Refusals {
  /** The tokens that were refused, by resource. */
  const refused = new Map<string, RefusedToken>()
  const isNew = (renewedAt: number) => Math.abs(now() - renewedAt) < NEW
  return {
    note(resource, { renewedAt, accessTokenExpiresAt = 0 }) {
      if (refused.size >= MAX_RESOURCES) refused.clear()
      const goodUntil = monotonicNow() + accessTokenExpiresAt - now()
      refused.set(resource, { renewedAt, goodUntil })
    },
    isLastWord(resource, { renewedAt, accessTokenExpiresAt = 0 }) {
      const token = refused.get(resource)
      if (!token) return false
      // By either clock: the one may be set, and the other stands still while the machine sleeps.
      const isGood = now() < accessTokenExpiresAt && monotonicNow() < token.goodUntil
      return (token.renewedAt === renewedAt && isGood) || isNew(renewedAt)
    },
    forget(resource) {
      const token = refused.get(resource)
      // What the API lets through by turns must not be asked for a token each time.
      if (token && !isNew(token.renewedAt)) refused.delete(resource)
    },
  }
}
