// Where a request's cookies come from and an answer's cookies go: the mock's one virtual browser.
import { applyChange, noCookies } from '../agent/cookies.ts'
import type { CookieChange, Cookies } from '../agent/cookies.ts'
import type { MockState } from '../mock-state.ts'
import type { MockUsers } from '../users.ts'
import { carriesCookies } from './request-guards.ts'

/** What an answer did to the cookies. */
export interface WrittenCookies<U extends MockUsers> {
  readonly state: MockState<U>
  /** Values of `Set-Cookie` headers. */
  readonly setCookies: readonly string[]
}

/** One way of keeping cookies. */
export interface CookieStore<U extends MockUsers> {
  /** What the cookies of a request hold; `duplicate` when one of ours came twice. */
  readonly read: (state: MockState<U>, request: Request) => Cookies<U> | 'duplicate'
  /** Applies the changes of the answer to a request. */
  readonly write: (
    state: MockState<U>,
    request: Request,
    changes: readonly CookieChange<U>[],
  ) => WrittenCookies<U>
}

/** Keeps the cookies of one browser in the state itself, so it works where no cookies do. */
export function createVirtualCookies<U extends MockUsers>(origin: string): CookieStore<U> {
  return {
    read: (state, request) => (carriesCookies(request, origin) ? state.browser : noCookies()),
    write: (state, request, changes) => {
      if (!carriesCookies(request, origin)) return { state, setCookies: [] }
      const browser = changes.reduce(
        (cookies, change) => applyChange(cookies, change),
        state.browser,
      )
      return { state: { ...state, browser }, setCookies: [] }
    },
  }
}
