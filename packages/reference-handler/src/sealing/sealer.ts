// The port that turns cookie contents into opaque text and back.
import type { CookieRole } from '@token-handler/contract'

/** Seals and opens the contents of cookies. What was sealed for one role never opens for another. */
export interface Sealer {
  /** Resolves with text that is safe as a cookie value. */
  readonly seal: (role: CookieRole, content: unknown) => Promise<string>
  /** Resolves with the content, or `undefined` when the text is not something we sealed for this role. */
  readonly open: (role: CookieRole, sealed: string) => Promise<unknown>
}
