// Watches the end of a sign-in until something shows that the browser has its cookies.
import type { Platform } from '../platform/platform.ts'
import { wait } from '../platform/wait.ts'
import { explainMissingCookies } from './explain-missing-cookies.ts'
import type { Learn } from '../session/record-event.ts'
import { findEnding, withoutEnding, withUsedResponse } from './login-records.ts'
import type { LoginRecords, LoginRecordStore, PendingLogin } from './login-records.ts'
import type { SessionEvent } from '../session/transition.ts'

/** The end of a sign-in, from the call to the agent to the proof. */
export interface LoginEnd<C> {
  /** As `Learn`, for everybody: an answer may also say something about the sign-in that has just ended. */
  readonly learn: Learn<C>
  /** An API has let a request through: the browser sends the cookies. */
  readonly prove: () => void
  /** A response is about to be handed to the agent. */
  readonly begin: (response: string, login: PendingLogin | undefined) => void
  /** What has become of it. Without an answer it may still succeed: a page that is left hears no answer. */
  readonly finish: (result: 'session' | 'refused' | 'no-answer') => void
  /** Asks with patience: a page that has gone ended a login, and its cookies may still be on the way. */
  readonly confirmPatiently: (confirm: () => Promise<SessionEvent<C>>) => Promise<void>
}

export interface LoginEndParts<C> {
  readonly platform: Platform
  readonly records: LoginRecordStore
  readonly agentUrl: string
  readonly learn: Learn<C>
}

// Five seconds in all, in milliseconds.
const PAUSES = [500, 1_500, 3_000]

// With these the cookies have worked, or are gone for a good reason.
const proofs: ReadonlySet<string> = new Set(['session-found', 'refreshed', 'signed-out'])

const confirmed = (records: LoginRecords) => ({ ...withoutEnding(records), automatic: [] })

/** Watches for one client. */
export function createLoginEnd<C>(parts: LoginEndParts<C>): LoginEnd<C> {
  const { platform, records, agentUrl, learn } = parts
  // Meanwhile "nobody is signed in" is no news.
  let isUnderWay = false
  let isPatient = false
  let isProven = false

  /** The end of the sign-in itself is no proof: it is what has to be proved. */
  function confirmCookies(): void {
    if (isUnderWay) return
    isProven = true
    records.update(confirmed)
  }

  return {
    prove() {
      if (!isProven) confirmCookies()
    },
    learn(event) {
      if (event.type === 'session-missing') {
        if (isUnderWay || isPatient) return
        if (findEnding(records.read(), platform.now())?.isAnswered) {
          records.update(withoutEnding)
          const error = explainMissingCookies(platform.pageUrl(), agentUrl)
          return learn({ type: 'login-failed', error })
        }
      }
      if (proofs.has(event.type)) confirmCookies()
      learn(event)
    },
    begin(response, login) {
      isUnderWay = true
      isProven = false
      records.update((known) => withUsedResponse(known, response, login, platform.now()))
    },
    finish(result) {
      isUnderWay = false
      if (result === 'no-answer') return
      const answered = { isAnswered: true, startedAt: platform.now() }
      records.update((known) => ({
        ...known,
        ending: result === 'session' ? { ...known.ending, ...answered } : undefined,
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
