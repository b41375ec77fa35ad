// What a page load has to do, decided from the page's URL and from what this browser remembers.
import {
  authorizationResponseParameters,
  recognizeAuthorizationResponse,
} from '@token-handler/contract'
import { isSamePath } from '../paths.ts'
import { isBelievedSignedOut } from './logged-in-flag.ts'
import type { LoggedInFlag } from './logged-in-flag.ts'
import { findPendingLogin, fingerprint } from './login-records.ts'
import type { LoginRecords, PendingLogin } from './login-records.ts'

/** What the decision is made from. */
export interface PageLoadFacts {
  readonly pageUrl: string
  /** Absent when any page can be the callback. */
  readonly callbackPath: string | undefined
  readonly records: LoginRecords
  readonly flag: LoggedInFlag | undefined
  /** Milliseconds since the epoch. */
  readonly now: number
  /** Seconds. */
  readonly signedOutMaxAge: number
}

/** What to do. */
export type PageLoadPlan =
  | {
      readonly kind: 'end-login'
      /** The page's query, whole. */
      readonly parameters: URLSearchParams
      /** See `fingerprint`. */
      readonly response: string
      readonly login: PendingLogin | undefined
      /** The page's URL without the authorization response. */
      readonly cleanUrl: string
    }
  | { readonly kind: 'ask-session'; readonly cleanUrl?: string }
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
  const isCandidate = callbackPath === undefined || isSamePath(url.pathname, callbackPath)
  if (isCandidate && recognizeAuthorizationResponse(parameters)) {
    const response = fingerprint(parameters)
    const login = findPendingLogin(records, parameters.get('state') ?? undefined, now)
    const cleanUrl = withoutAuthorizationResponse(url)
    if (records.used.includes(response)) return { kind: 'ask-session', cleanUrl }
    // On a page with other uses, a response belongs to us only if this tab is waiting for one.
    if (login !== undefined || callbackPath !== undefined) {
      return { kind: 'end-login', parameters, response, login, cleanUrl }
    }
  }
  return isBelievedSignedOut(facts.flag, now, facts.signedOutMaxAge)
    ? { kind: 'stay-signed-out' }
    : { kind: 'ask-session' }
}
