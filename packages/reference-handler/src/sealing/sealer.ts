// The port that turns cookie contents into opaque text and back.
import type { CookieRole } from '@token-handler/contract'

/** What keys are derived from. */
export interface SealerOptions {
  /**
   * The secrets at this moment, newest first: the first seals, all open. At least 32 bytes of
   * randomness each. As long as nothing changed, it returns the same list.
   */
  readonly secrets: () => readonly string[]
  /** Whose cookies these are. What was sealed for one tenant never opens for another. */
  readonly tenant: string
}

/** Creates a sealer. */
export type CreateSealer = (options: SealerOptions) => Sealer

/** Seals and opens the contents of cookies. What was sealed for one role never opens for another. */
export interface Sealer {
  /** Resolves with text that is safe as a cookie value. */
  readonly seal: (role: CookieRole, content: unknown) => Promise<string>
  /** Resolves with the content, or `undefined` when the text is not something we sealed for this role. */
  readonly open: (role: CookieRole, sealed: string) => Promise<unknown>
  /** Where a store holds the content: has it forgotten after so many milliseconds; 0 is at once. */
  readonly retire?: (role: CookieRole, sealed: string, keptFor: number) => Promise<void>
}
