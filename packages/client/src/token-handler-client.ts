// What an app holds in its hand: the client's interface and its events.
import type { TokenHandlerError } from './errors.ts'
import type { SessionFetch } from './fetch/session-fetch.ts'
import type { Session } from './session/session.ts'
import type { TraceStep } from './trace.ts'

/** Options of `login`. */
export interface LoginOptions {
  /**
   * Where to be after the sign-in: a path of this app, or what is resolved against the current page as a link
   * would be: `#/orders`, `?tab=2`. Default: the current page. A target outside the app, or the callback path,
   * becomes `basePath`; the development build says so on the console.
   */
  readonly returnTo?: string | undefined
  /** Anything JSON can hold; `load` hands it back after the sign-in. */
  readonly appState?: unknown
  /** Extra authorization parameters, e.g. `ui_locales`, `acr_values`; the agent has an allow-list. */
  readonly parameters?: Readonly<Record<string, string>> | undefined
  /**
   * Leave by `location.replace`: the page that asks for the sign-in gets no entry in the history, so "back" at the
   * authorization server does not lead to a page that leaves again.
   * @default false
   */
  readonly replace?: boolean | undefined
}

/** Options of `logout`. */
export interface LogoutOptions {
  /**
   * Show "signed out" even if the agent did not do it. The cookies stay, so the next answer of the agent may
   * show the session again.
   * @default false
   */
  readonly force?: boolean | undefined
  /**
   * Sign out here only: in every tab and at the agent, which revokes the refresh token. The session at the
   * authorization server goes on, the page stays, and the next sign-in may need no password. Always so in frames
   * and workers.
   * @default false
   */
  readonly local?: boolean | undefined
  /**
   * Parameters for the authorization server's end of the session, such as `logout_hint` or `ui_locales`; where the
   * agent allows it, `post_logout_redirect_uri` says where that leads. The agent leaves out what it does not list.
   */
  readonly parameters?: Readonly<Record<string, string>> | undefined
  /**
   * Leave by `location.replace`, see `login`.
   * @default false
   */
  readonly replace?: boolean | undefined
}

/** What `load` found out. */
export interface LoadResult<C> {
  /** The session at the moment this is read. */
  readonly session: Session<C>
  /**
   * Where the user wanted to be, when this page load ended a login, well or badly: path, query and
   * hash, inside the app. The page itself still shows the callback's URL, without the response.
   */
  readonly returnTo?: string | undefined
  /** What was passed to `login`. */
  readonly appState?: unknown
}

/** Events and what their listeners are called with. */
export interface TokenHandlerEvents<C> {
  /**
   * A session was found: after a sign-in, on page load, or because a user signed in in another tab. Of the user who
   * was signed in already, only when the claims are others.
   */
  readonly sessionStarted: { readonly claims: C }
  /**
   * Another user than the last one is signed in, by their `identity`: than the last one on this
   * page, or else in this browser, of which a salted hash is kept in localStorage. Emitted before the new
   * session can be seen, so that caches are emptied first. `previous` is undefined when that user was
   * signed in on an earlier page: a hash has no claims.
   */
  readonly userChanged: { readonly previous: C | undefined; readonly current: C }
  /**
   * The same user has other claims than before, after another sign-in or a refresh: another role, organisation or
   * name. Claims about the ID token itself (`iat`, `exp`, `nonce`, …) do not count. Emitted as `userChanged` is.
   */
  readonly claimsChanged: { readonly previous: C; readonly current: C }
  /** The access token was refreshed, by this tab or another one. */
  readonly refreshed: { readonly accessTokenExpiresAt?: number | undefined }
  /** The session will end soon, whatever the user does; see `sessionExpiringBefore`. Fires once. */
  readonly sessionExpiring: { readonly sessionExpiresAt: number }
  /** The session ended by itself. */
  readonly sessionExpired: undefined
  /** The user signed out. */
  readonly signedOut: { readonly origin: 'this-tab' | 'other-tab' }
  /** A sign-in or sign-out is about to leave the page, or the page stays after all; see `isLeaving`. */
  readonly leaving: { readonly isLeaving: boolean }
  /**
   * Confirming or refreshing the session failed, a sign-in could not be started or ended badly, or a sign-out
   * failed; a known session is kept. Emitted once for each failure, so `void login()` needs no `catch` of its own.
   */
  readonly error: { readonly error: TokenHandlerError }
  /** Every step of what the client does, for devtools. Costs nothing without a listener. */
  readonly trace: TraceStep
}

/** Speaks with one OAuth Agent, for one page. */
export interface TokenHandlerClient<C> {
  /**
   * What routers await on page load: ends the login when the page's URL is a callback, else finds out
   * whether a user is signed in. An authorization response is taken out of the URL before this
   * returns. Called again, it gives the same promise. A new call tries again after a failure that may pass, and after
   * any failure when the user has just clicked; and while the session is `loading` once more, because another user has
   * signed in, it waits for the agent's answer. Never rejects: failures are in `session`.
   */
  readonly load: () => Promise<LoadResult<C>>
  /**
   * Asks the agent for the session. Resolves, and does not reject, when there is none.
   * @throws {TokenHandlerError} `agent_unreachable`, `agent_configuration`, `contract_violation`
   */
  readonly session: () => Promise<Session<C>>
  /**
   * Starts a sign-in and navigates away; the promise stays pending while the page goes. Called again
   * while that navigation or one of a sign-out is in flight, it returns the same promise and starts nothing.
   * If the page stays, because the navigation is stopped or has no answer after 10 seconds, or comes back from the
   * back/forward cache, or if it leaves by a sign-out instead, the promise rejects with `navigation_stopped`, and the
   * next call starts again. A page that is only prerendered starts when it is activated.
   * The third call within a minute that no user's click has led to, and no session came of, is a loop; where
   * sessionStorage keeps nothing, so that nobody could count them, the first is one.
   * @throws {TokenHandlerError} `agent_unreachable`, `agent_configuration`, `contract_violation`, `login_loop`,
   *   `navigation_stopped`; `not_top_level` in a frame or a worker
   * @throws {TypeError} when `appState` is not JSON
   */
  readonly login: (options?: LoginOptions) => Promise<never>
  /**
   * Refreshes the access token. Single-flight: concurrent calls share one refresh.
   * @throws {TokenHandlerError} `session_expired`, `refresh_unavailable`, `agent_configuration`
   */
  readonly refresh: () => Promise<void>
  /**
   * Refreshes the access token if it may end soon. For what cannot be sent again and does not show
   * its 401: streamed uploads, `EventSource`, `WebSocket`. Does nothing when the agent does not say
   * how long access tokens live.
   *
   * @param minTtl - how long the token has to be good for, in seconds. Default 60, and never more
   *   than half of its lifetime
   * @throws {TokenHandlerError} as `refresh`
   */
  readonly ensureFresh: (minTtl?: number) => Promise<void>
  /**
   * Signs out, then navigates to the authorization server when the agent names a URL, unless `local`; not in a frame or
   * a worker, which have no tab of their own to leave with. Waits for a refresh under way, 15 seconds at most. Having
   * been signed out already counts as success. Single-flight: while a sign-out is in progress, or the page leaves by
   * it, another call starts nothing. It is forced if one of the calls is, and `local` if all of them are. A sign-in
   * that was about to leave rejects with `navigation_stopped`.
   * @throws {TokenHandlerError} `agent_unreachable`, `agent_configuration`, `contract_violation`: the
   *   user is still signed in. Not thrown with `force`
   */
  readonly logout: (options?: LogoutOptions) => Promise<void>
  /**
   * `fetch` for the APIs behind the OAuth Proxy: sends the cookies and the version header, and answers
   * a 401 by refreshing once and sending the request again. An access token known to be near its end
   * is refreshed before. Anything not below `apiUrls`, and the agent itself, passes through `fetch`.
   *
   * A 401 that outlasts the refresh is returned as it is: the API then disagrees with the agent, and the
   * next 401 of that resource is returned without a refresh while the token is the same, or seconds old. While
   * there is no session, requests are sent, and a 401 rejects with `session_expired`. A request with
   * `credentials: 'omit'` is a visitor's: it has no cookies, and its 401 is its own. With `refresh: false` a
   * request neither waits for a refresh nor causes one.
   * @throws {TokenHandlerError} `session_expired`, `refresh_unavailable`, `agent_configuration`;
   *   `request_not_replayed` when the body was a stream, or that of a `Request` of unknown type and more than
   *   1 MiB, and `step_up_required` when the API wants another sign-in: both have the API's `Response` as
   *   their `cause`
   * @throws what `fetch` rejects with, the reason of the caller's `signal` included; a shared refresh
   *   goes on without the caller
   */
  readonly fetch: SessionFetch
  /** The session now; the same object until it changes. */
  readonly getSnapshot: () => Session<C>
  /**
   * Whether a sign-in or sign-out is in progress that may leave the page: from the call until the page has gone, or
   * turns out to stay. For buttons; the event `leaving` tells of every change.
   */
  readonly isLeaving: () => boolean
  /** Calls the listener after every change of the session. Returns the unsubscribe function. */
  readonly subscribe: (listener: () => void) => () => void
  /** Calls the listener at every such event. Returns the unsubscribe function. */
  readonly on: <E extends keyof TokenHandlerEvents<C>>(
    event: E,
    listener: (detail: TokenHandlerEvents<C>[E]) => void,
  ) => () => void
  /**
   * Ends the client's life: no listener of it is called any more, its timers and its channel to the other tabs are
   * gone. Calls in progress, and all later ones, reject with `client_disposed`; what the agent is doing for them it
   * completes. For tests, hot reloads and micro-frontends; an app's own client lives as long as its page.
   * Safe to call more than once.
   *
   * @example
   * import { createTokenHandlerClient } from '@token-handler/client'
   *
   * const tokenHandler = createTokenHandlerClient({ agentUrl: '/oauth-agent', apiUrls: ['/api/'] })
   * import.meta.hot?.dispose(tokenHandler.dispose)
   */
  readonly dispose: () => void
}
