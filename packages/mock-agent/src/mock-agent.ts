/// <reference lib="esnext.disposable" preserve="true" />
// What a test has in its hand.
import type { Operation } from '@token-handler/contract'
import type { MockCall } from './controls/call-log.ts'
import type { HeldAnswer, Times } from './controls/scripted-answers.ts'
import type { MockFailure } from './controls/failure-response.ts'
import type { Fetch } from './mock-fetch.ts'
import type { ApiRequirements, ApiResolver } from './protect.ts'
import type { MockUsers, UserName } from './users.ts'

/** How the authorization server answers a login: a user has signed in, or there is an OAuth error. */
export type LoginAnswer<U extends MockUsers> =
  | {
      readonly user: UserName<U>
      /** The authentication context reached. Default: the first that the SPA asked for. */
      readonly acr?: string | undefined
    }
  | { readonly error: string }

/** A cookie of a signed-in user, in the words of Playwright's `addCookies`. */
export interface MockCookie {
  readonly name: string
  readonly value: string
  readonly url: string
  readonly httpOnly: true
  readonly secure: true
  readonly sameSite: 'Strict'
}

/** A mock OAuth Agent and OAuth Proxy with the authorization server behind them. */
export interface MockAgent<U extends MockUsers> {
  /** Whether a request is for the agent, a protected resource or the sign-in page. */
  readonly handles: (request: Request) => boolean
  /**
   * Answers a request. Resolves with `undefined` when {@link MockAgent.handles} says no, and with a
   * network error (`response.type === 'error'`) when a test asked for one.
   *
   * @param pageUrl - in the address bar of the page that sends it, for what the mock says about mistakes.
   *   Default: the URL of the page that the mock is in
   */
  readonly handle: (request: Request, pageUrl?: string) => Promise<Response | undefined>
  /** A `fetch` to inject; a request that the mock does not know rejects and says so. */
  readonly fetch: Fetch

  /**
   * A user has signed in: from now on there is a session, with a fresh access token. A page that is opened next asks
   * for it, also when the one before has found that nobody is signed in: the mock forgets the client's flag.
   *
   * @throws {Error} with real cookies: which browser? Use {@link MockAgent.sessionCookies}
   */
  readonly signIn: (user: UserName<U>, options?: { readonly acr?: string | undefined }) => void
  /**
   * Another user has signed in, in another tab of the same browser.
   *
   * @throws {Error} without a session, and with real cookies
   */
  readonly switchUser: (user: UserName<U>) => void
  /**
   * The session's cookies are gone, as after a logout in another tab.
   *
   * @throws {Error} with real cookies
   */
  readonly signOut: () => void
  /** APIs answer 401 until the next refresh. */
  readonly expireAccessToken: () => void
  /**
   * The authorization server has ended the session: APIs answer 401, and the next refresh 401
   * `session_expired`. Until then the operation `session` still says `is_logged_in: true`: the agent has
   * cookies, and does not know better.
   */
  readonly expireSession: () => void
  /** The agent has a new cookie key and no longer the old one: no cookie issued so far can be read. */
  readonly rotateCookieKey: () => void
  /** Time passes: access tokens and logins grow old, delayed answers come. */
  readonly advance: (milliseconds: number) => void

  /**
   * Plays the authorization server, as far as the redirect back. With `prompt=none` only a user who has
   * signed in before, as the request asks, gets a code; any other comes back with `login_required`.
   *
   * @param authorizationUrl - what `POST /login/start` answered
   * @param answer - who signed in, or the error to redirect back with
   * @returns the callback URL, for the page to be at when it ends the login
   * @throws {Error} when no login is pending that has this authorization URL
   */
  readonly completeLogin: (authorizationUrl: string, answer: LoginAnswer<U>) => string
  /**
   * The cookies of a browser in which a user has just signed in.
   *
   * @throws {Error} without real cookies
   */
  readonly sessionCookies: (
    user: UserName<U>,
    options?: { readonly acr?: string | undefined },
  ) => MockCookie[]

  /** Replaces the next answers of an operation by a failure. Several queue up. */
  readonly failNext: (operation: Operation, failure: MockFailure, options?: Times) => void
  /** The next answers of an operation take so many milliseconds, by the clock or {@link MockAgent.advance}. */
  readonly delay: (operation: Operation, milliseconds: number, options?: Times) => void
  /** The next answer of an operation does not come until it is released. */
  readonly hang: (operation: Operation) => HeldAnswer

  /**
   * Puts an API behind the mock's proxy, which answers 401 with `WWW-Authenticate` without a session or
   * with an expired access token, and 403 `untrusted_request` without the version header; with
   * another profile, as that one refuses.
   *
   * @param url - absolute, or relative to the page; a final `*` stands for anything. The query does not matter
   * @param resolver - answers what got through. When several match, the latest one does
   * @param requirements - of the API itself: a stronger or newer sign-in (401, RFC 9470), certain users (403)
   */
  readonly protect: (
    url: string,
    resolver: ApiResolver<U>,
    requirements?: ApiRequirements<U>,
  ) => void

  /** What the agent was asked, oldest first; all of it, or one operation's. */
  readonly calls: (operation?: Operation) => readonly MockCall[]
  /** Resolves as soon as an operation has been answered `count` times in all (default 1), with that call. */
  readonly waitFor: (operation: Operation, count?: number) => Promise<MockCall>
  /**
   * Checks that every request was for something the mock knows.
   *
   * @throws {Error} naming those that were for an operation that does not exist, or, through
   *   {@link MockAgent.fetch}, for anything else that the test did not register; or saying that a page was
   *   at the mock's `redirectUri` and its client did not end the sign-in there
   */
  readonly expectNoUnexpectedCalls: () => void

  /**
   * Back to the start: session as in the options, no calls, no failures, no pending logins, no call kept
   * waiting, and nothing that a client remembers of this agent in the storage of the page, or that the tab has
   * tried a silent or automatic sign-in. Protected resources and the time stay.
   */
  readonly reset: () => void
  /**
   * Ends the mock: no timer is left and no call waits, and from now on it answers nothing, so that a page of
   * an earlier test finds no agent.
   */
  readonly dispose: () => void
  /** The same as {@link MockAgent.dispose}, for `using`. */
  readonly [Symbol.dispose]: () => void
}
