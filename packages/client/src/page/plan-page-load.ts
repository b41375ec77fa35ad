// What a page load has to do, decided from the page's URL and from what this browser remembers.
import type { ReceivedResponse } from '../login/end-login.ts'
import { findEnding, fingerprint } from '../login/login-records.ts'
import type { LoginEnding, LoginRecords } from '../login/login-records.ts'
import { matchResponse, withoutResponse } from '../login/match-response.ts'
import type { ResponseFacts } from '../login/match-response.ts'
import { isSamePath } from '../paths.ts'

/** What the decision is made from. */
export interface PageLoadFacts extends Pick<ResponseFacts, 'isOfAnother'> {
  readonly pageUrl: string
  /** Absent when any page can be the callback. */
  readonly callbackPath: string | undefined
  readonly records: LoginRecords
  /** What the flag says, if it is to be believed. */
  readonly isLoggedIn: boolean | undefined
  /** Milliseconds since the epoch. */
  readonly now: number
}

/** What to do. */
export type PageLoadPlan =
  | (ReceivedResponse & {
      readonly kind: 'end-login'
      /** The page's URL without the authorization response. */
      readonly cleanUrl: string
    })
  | {
      readonly kind: 'ask-session'
      /** What the page before this one, in the same tab, could not finish. */
      readonly interrupted?: LoginEnding | undefined
      readonly cleanUrl?: string
    }
  | { readonly kind: 'stay-signed-out' }

/** Plans a page load. */
export function planPageLoad(facts: PageLoadFacts): PageLoadPlan {
  const { callbackPath, records, now } = facts
  const url = new URL(facts.pageUrl)
  const parameters = url.searchParams
  const isCallback = callbackPath !== undefined && isSamePath(url.pathname, callbackPath)
  const ending = findEnding(records, now)
  // An answer was not seen, or seen too late to go on to where the user wanted to be.
  const interrupted = isCallback || !ending?.isAnswered ? ending : undefined
  const askSession = { kind: 'ask-session', interrupted } as const
  const matched =
    callbackPath === undefined || isCallback
      ? matchResponse({ ...facts, parameters, isCallback })
      : undefined
  if (matched) {
    const response = fingerprint(parameters)
    const cleanUrl = withoutResponse(url, matched.responseKind)
    if (records.used.includes(response)) return { ...askSession, cleanUrl }
    return { kind: 'end-login', ...matched, parameters, response, cleanUrl }
  }
  return !interrupted && facts.isLoggedIn === false ? { kind: 'stay-signed-out' } : askSession
}
