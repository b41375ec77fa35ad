// The suite as one list, and how a case is run.
import { createUserBrowser } from './browser.ts'
import type { UserBrowser } from './browser.ts'
import type { ConformanceCase } from './case.ts'
import { answerCases } from './cases/answers.ts'
import { callbackRefusalCases } from './cases/callback-refusals.ts'
import { cookieCases } from './cases/cookies.ts'
import { corsCases } from './cases/cors.ts'
import { loginErrorCases } from './cases/login-errors.ts'
import { malformedRequestCases } from './cases/malformed-requests.ts'
import { proxyCases } from './cases/proxy.ts'
import { sessionEndCases } from './cases/session-end.ts'
import { untrustedRequestCases } from './cases/untrusted-requests.ts'
import { visitCases } from './cases/visit.ts'
import type { Subject } from './subject.ts'

/** All cases. Each is independent of the others: any subset, in any order. */
export const conformanceCases: readonly ConformanceCase[] = [
  ...visitCases,
  ...callbackRefusalCases,
  ...loginErrorCases,
  ...untrustedRequestCases,
  ...malformedRequestCases,
  ...sessionEndCases,
  ...proxyCases,
  ...cookieCases,
  ...corsCases,
  ...answerCases,
]

/** How a case went. */
export type CaseOutcome =
  | { readonly status: 'passed' }
  | { readonly status: 'skipped'; readonly reason: string }
  /** `message` ends with the last request that was sent. */
  | { readonly status: 'failed'; readonly message: string; readonly cause: unknown }

/**
 * Runs one case on a subject. Never rejects.
 *
 * @param subject - one that does not tell browsers apart (no capability `cookies`) has to be a fresh one
 *   for each case; any other may be shared
 */
export async function runCase(
  conformanceCase: ConformanceCase,
  subject: Subject,
): Promise<CaseOutcome> {
  const missing = conformanceCase.needs.filter((need) => !subject.capabilities.has(need))
  if (missing.length > 0) {
    return { status: 'skipped', reason: `${subject.name} lacks: ${missing.join(', ')}` }
  }
  let last = 'before any request'
  const observed: Subject = {
    ...subject,
    send: async (request) => {
      last = `at ${request.method} ${request.url}`
      return subject.send(request)
    },
  }
  const newBrowser = (): UserBrowser => createUserBrowser(observed)
  try {
    await conformanceCase.run({ subject: observed, browser: newBrowser(), newBrowser })
    return { status: 'passed' }
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause)
    return { status: 'failed', message: `${message} (${last})`, cause }
  }
}
