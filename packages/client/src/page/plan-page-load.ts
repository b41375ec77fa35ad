// What a page load has to do, decided from the page's URL and from what this browser remembers.
import {
  authorizationResponseParameters,
  recognizeAuthorizationResponse,
} from '@token-handler/contract'
import type { ReceivedResponse } from '../login/end-login.ts'
import { findEnding, findPendingLogin, fingerprint } from '../login/login-records.ts'
import type { LoginEnding, LoginRecords } from '../login/login-records.ts'
import { isSamePath } from '../paths.ts'

/** What the decision is made from. */
export interface PageLoadFacts {
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

/** Removes the authorization response's parameters, and leaves every other one as it is written. */
function withoutAuthorizationResponse(url: URL): string {
  const kept = url.search
    .slice(1)
    .split('&')
    .filter((pair) => {
      const [name] = new URLSearchParams(pair).keys()
      return name !== undefined && !authorizationResponseParameters.includes(name)
    })
  const clean = new URL(url)
  clean.search = kept.join('&')
  return clean.href
}

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
  const isCandidate = callbackPath === undefined || isCallback
  const responseKind = isCandidate ? recognizeAuthorizationResponse(parameters) : undefined
  if (responseKind) {
    const response = fingerprint(parameters)
    const login = findPendingLogin(records, parameters.get('state') ?? undefined, now)
    const cleanUrl = withoutAuthorizationResponse(url)
    if (records.used.includes(response)) return { ...askSession, cleanUrl }
    // On a page with other uses, a response belongs to us only if this tab is waiting for one.
    if (login !== undefined || callbackPath !== undefined) {
      return { kind: 'end-login', responseKind, parameters, response, login, cleanUrl }
    }
  }
  return !interrupted && facts.isLoggedIn === false ? { kind: 'stay-signed-out' } : askSession
}
