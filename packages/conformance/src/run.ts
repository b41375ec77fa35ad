// How a case is run on a subject.
import { createUserBrowser } from './browser.ts'
import type { UserBrowser } from './browser.ts'
import type { ConformanceCase } from './case.ts'
import { ConformanceFailure, NotApplicable } from './failure.ts'
import { cookiesFor } from './steps.ts'
import type { Subject } from './subject.ts'

/** How a case went. */
export type CaseOutcome =
  | { readonly status: 'passed' }
  | { readonly status: 'skipped'; readonly reason: string }
  /** `message` ends with the last request that was sent. */
  | { readonly status: 'failed'; readonly message: string; readonly cause: unknown }

/** How to run a case; every option has a default. */
export interface RunOptions {
  /** Seconds after which a case that has not ended has failed; default 60. */
  readonly timeout?: number
  /** Whether sessions that the case leaves behind are ended, for subjects that live on; default false. */
  readonly signOutAfterwards?: boolean
}

/**
 * Runs one case on a subject. Never rejects.
 *
 * @param subject - one that does not tell browsers apart (no capability `cookies`) has to be a fresh one
 *   for each case; any other may be shared
 *
 * @example
 * import { conformanceCases, runCase } from '@token-handler/conformance'
 * import type { Subject } from '@token-handler/conformance'
 *
 * export async function runAll(subject: Subject): Promise<void> {
 *   for (const conformanceCase of conformanceCases) {
 *     const { status } = await runCase(conformanceCase, subject)
 *     console.log(conformanceCase.id, status)
 *   }
 * }
 */
export async function runCase(
  conformanceCase: ConformanceCase,
  subject: Subject,
  options: RunOptions = {},
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
  const browsers: UserBrowser[] = []
  const newBrowser = (): UserBrowser => {
    const browser = createUserBrowser(observed)
    browsers.push(browser)
    return browser
  }
  const story = conformanceCase.run({ subject: observed, browser: newBrowser(), newBrowser })
  try {
    await within(options.timeout ?? 60, story)
    return { status: 'passed' }
  } catch (cause) {
    if (cause instanceof NotApplicable) return { status: 'skipped', reason: cause.message }
    const message = cause instanceof Error ? cause.message : String(cause)
    return { status: 'failed', message: `${message} (${last})`, cause }
  } finally {
    if (options.signOutAfterwards) {
      await Promise.allSettled(browsers.map((browser) => signOut(browser, subject)))
    }
  }
}

async function signOut(browser: UserBrowser, { origin }: Subject): Promise<void> {
  if (cookiesFor(browser, 'session').length > 0) await browser.open(origin).call('logout')
}

async function within(seconds: number, story: Promise<void>): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<never>((_resolve, reject) => {
    const failure = new ConformanceFailure(`it has not ended after ${seconds} seconds`)
    timer = setTimeout(() => reject(failure), seconds * 1000)
  })
  try {
    await Promise.race([story, late])
  } finally {
    clearTimeout(timer)
  }
}
