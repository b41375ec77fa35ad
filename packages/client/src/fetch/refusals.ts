// Which resources go on answering 401 after a refresh: asking for one more token would change nothing.
import type { Platform } from '../platform/platform.ts'
import type { TokenRenewal } from '../session/session-facts.ts'

/** What the APIs of one page have refused. */
export interface Refusals {
  /** A resource has refused a token that was renewed for it. */
  readonly note: (resource: string, token: TokenRenewal) => void
  /** Whether its 401 to this token is final: it has outlasted a renewal before. */
  readonly isLastWord: (resource: string, token: TokenRenewal) => boolean
  /** It has let a request through. */
  readonly forget: (resource: string) => void
}

// So long a token counts as new, also one that was renewed by another tab, or for another resource. Milliseconds.
const NEW = 10_000
const MAX_RESOURCES = 100

/** None yet. */
export function createRefusals({ now }: Pick<Platform, 'now'>): Refusals {
  /** When the token that was refused had been asked for, by resource. */
  const refused = new Map<string, number>()
  return {
    note(resource, { renewedAt }) {
      if (refused.size >= MAX_RESOURCES) refused.clear()
      refused.set(resource, renewedAt)
    },
    isLastWord(resource, { renewedAt, accessTokenExpiresAt = 0 }) {
      const refusedAt = refused.get(resource)
      if (refusedAt === undefined) return false
      const isSame = refusedAt === renewedAt && now() < accessTokenExpiresAt
      return isSame || Math.abs(now() - renewedAt) < NEW
    },
    forget: (resource) => refused.delete(resource),
  }
}
