// What a conformance case is: data, with one function that tells a user's story.
import type { UserBrowser } from './browser.ts'
import type { Capability, Subject } from './subject.ts'

/** What a case works with; fresh for every run. */
export interface CaseContext {
  readonly subject: Subject
  /** A browser without a session. */
  readonly browser: UserBrowser
  /** Another one, of another person or machine. */
  readonly newBrowser: () => UserBrowser
}

/** One sentence about the protocol, and the story that proves it. */
export interface ConformanceCase {
  /** Stable, kebab-case, unique. */
  readonly id: string
  /** A sentence. */
  readonly title: string
  /** Where the rule comes from, e.g. `RFC 6749 section 10.12`. */
  readonly clause: string
  readonly needs: readonly Capability[]
  /** Throws a `ConformanceFailure` where the subject differs. */
  readonly run: (context: CaseContext) => Promise<void>
}
