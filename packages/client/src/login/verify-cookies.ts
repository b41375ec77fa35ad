// Watches the end of a sign-in until something shows that the browser has its cookies.
import type { TokenHandlerError } from '../errors.ts'
import type { ClientPlatform } from '../platform/lifetime.ts'
import { wait } from '../platform/wait.ts'
import { explainMissingCookies } from './explain-missing-cookies.ts'
import type { RecordEvent } from '../session/record-event.ts'
import { findEnding, withoutEnding, withUsedResponse } from './login-records.ts'
import type { LoginRecords, LoginRecordStore, PendingLogin } from './login-records.ts'
import type { SessionEvent } from '../session/transition.ts'

/** Watches a sign-in that ends, from the call to the agent to the proof that its cookies work. */
export interface CookieVerification<C> {
  /**
   * What all parts record events with: it also detects that the cookies of the sign-in that has just
   * ended were not stored, or that they work.
   */
  readonly recordAndVerify: RecordEvent<C>
  /** An API has let a request through: the browser sends the cookies. */
  readonly prove: () => void
  /** A response is about to be handed to the agent. */
  readonly begin: (response: string, login: PendingLogin | undefined) => void
  /** What became of it. Without an answer it may still succeed: a page that is left gets none. */
  readonly finish: (result: 'session' | 'refused' | 'no-answer') => void
  /** The error for a sign-in that succeeded at the agent, and left no session in the browser. */
  readonly explain: (cause?: TokenHandlerError) => TokenHandlerError
  /** Confirms with back-off: a page that has gone ended a login, and its cookies may still be on the way. */
  readonly confirmPatiently: (confirm: () => Promise<SessionEvent<C>>) => Promise<void>
}

// Five seconds in all, in milliseconds.
const PAUSES = [500, 1_500, 3_000]

// With these the cookies have worked, or are gone for a good reason.
const proofs: ReadonlySet<string> = new Set(['session-found', 'refreshed', 'signed-out'])

const confirmed = (records: LoginRecords) => ({ ...withoutEnding(records), automatic: [] })

/** Watches for one client. */
export function createCookieVerification<C>(
  platform: ClientPlatform,
  records: LoginRecordStore,
  agentUrl: string,
  recordEvent: RecordEvent<C>,
): CookieVerification<C> {
  // Meanwhile "signed out" is no news.
  let isUnderWay = false
  let isPatient = false
  let isProven = false

  /** The end of the sign-in itself is no proof: it is what has to be proved. */
  function confirmCookies(): void {
    if (isUnderWay) return
    isProven = true
    records.update(confirmed)
  }

  const explain = (cause?: TokenHandlerError) =>
    explainMissingCookies(platform.pageUrl(), agentUrl, cause)

  return {
    explain,
    prove() {
      if (!isProven) confirmCookies()
    },
    recordAndVerify(event) {
      if (event.type === 'session-missing') {
        if (isUnderWay || isPatient) return
        if (findEnding(records.read(), platform.now())?.isAnswered) {
          records.update(withoutEnding)
          return recordEvent({ type: 'login-failed', error: explain() })
        }
      }
      if (proofs.has(event.type)) confirmCookies()
      recordEvent(event)
    },
    begin(response, login) {
      isUnderWay = true
      isProven = false
      records.update((current) => withUsedResponse(current, response, login, platform.now()))
    },
    finish(result) {
      isUnderWay = false
      if (result === 'no-answer') return
      const answered = { isAnswered: true, startedAt: platform.now() }
      records.update((current) => ({
        ...current,
        ending: result === 'session' ? { ...current.ending, ...answered } : undefined,
      }))
    },
    async confirmPatiently(confirm) {
      isPatient = true
      for (const pause of PAUSES) {
        const { type } = await confirm()
        if (type !== 'session-missing') {
          isPatient = false
          return
        }
        await wait(platform, pause)
      }
      isPatient = false
      records.update(withoutEnding)
      await confirm()
    },
  }
}
