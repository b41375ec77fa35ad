// The app's options: what they are, and how they are checked and completed.
import type { Claims, ClientProfile } from '@token-handler/contract'
import { tokenHandler1 } from '@token-handler/contract'
import type { StandardSchemaV1 } from '@standard-schema/spec'
import type { Platform } from './platform/platform.ts'
import { isDevelopment } from './development.ts'

/** Options of `createTokenHandlerClient`. */
export interface TokenHandlerClientOptions<C> {
  /**
   * The OAuth Agent's URL, e.g. `https://api.example.com/oauth-agent`; may be relative to the page.
   * @default '/oauth-agent'
   */
  readonly agentUrl?: string | undefined
  /**
   * Where the APIs behind the OAuth Proxy are. Only requests below these URLs get the cookies, the
   * version header and 401 handling; anything else passes through `fetch` untouched. May be relative.
   * @default ['/api/']
   */
  readonly apiUrls?: readonly string[] | undefined
  /** Checks and types the ID token's claims: any Standard Schema (zod, valibot, arktype …). */
  readonly claims?: StandardSchemaV1<unknown, C> | undefined
  /**
   * Says who a user is, by the claims of the ID token as they are on the wire. Sessions with another identity are
   * another user's: `userChanged` fires, and no request of the last user is sent again. For an app whose users
   * belong to several organisations: `identity: ({ sub, org_id }) => [sub, org_id]`.
   * @default ({ sub }) => sub
   */
  readonly identity?: ((claims: Claims) => unknown) | undefined
  /**
   * The path the authorization server redirects back to, when it is used for nothing else. Then every
   * authorization response on that path is handed to the agent, also in another tab than the one that
   * started the login, and on every other path responses are left alone: they may be another
   * library's. By default any page whose query is an authorization response can end a login, provided
   * that this browser tab started one. An app that shall never end a login names a path that another
   * app serves: where the login ends.
   */
  readonly callbackPath?: string | undefined
  /**
   * The app's own paths begin with this; targets outside are never returned to.
   * @default '/'
   */
  readonly basePath?: string | undefined
  /**
   * Whether to remember in localStorage if a user is signed in: the `isLoggedIn` flag. While it says
   * "signed out", a page load makes no call to the agent.
   * @default true
   */
  readonly loggedInFlag?: boolean | undefined
  /**
   * How long "signed out" is believed without asking the agent, in seconds.
   * @default 300
   */
  readonly signedOutMaxAge?: number | undefined
  /**
   * Whether to refresh the access token by a timer, before it ends: while the page is `'visible'`, `'always'`,
   * or not at all. Without a timer it is refreshed when a request needs it. A timer keeps an unused session
   * alive, so the agent's idle time-out never comes.
   * @default 'off'
   */
  readonly keepAlive?: 'off' | 'visible' | 'always' | undefined
  /**
   * How long before the end of the session `sessionExpiring` fires, in seconds. Only for agents that say when
   * sessions end.
   * @default 120
   */
  readonly sessionExpiringBefore?: number | undefined
  /**
   * The wire profile that the agent speaks.
   * @default tokenHandler1
   */
  readonly profile?: ClientProfile | undefined
  /**
   * Parts of the outside world to replace, e.g. `fetch` in tests.
   * @default the browser's
   */
  readonly platform?: Partial<Platform> | undefined
}

/** The options as the SDK works with them: absolute, checked, complete. */
export interface Settings {
  /** Absolute, without a trailing slash. */
  readonly agentUrl: string
  readonly apiUrls: readonly URL[]
  /** Absent when any page can be the callback. */
  readonly callbackPath: string | undefined
  readonly basePath: string
  readonly loggedInFlag: boolean
  /** Seconds. */
  readonly signedOutMaxAge: number
  readonly keepAlive: 'off' | 'visible' | 'always'
  /** Seconds. */
  readonly sessionExpiringBefore: number
  readonly profile: ClientProfile
}

// Where a handler on the page's own origin has them.
export const DEFAULT_AGENT_URL = '/oauth-agent'
const DEFAULT_API_URLS = ['/api/']
const DEFAULT_SIGNED_OUT_MAX_AGE = 300
const DEFAULT_SESSION_EXPIRING_BEFORE = 120

const HTTP_URL = /^https?:\/\/[^@/?#]+\/[^?#]*$/

/** @param what - the option must be; in development */
const wrong = (option: string, what: string) =>
  new TypeError(`Option ${option}${isDevelopment ? ` must be ${what}.` : ''}`)

function readUrl(option: string, value: string, baseUrl: string): URL {
  const url = URL.canParse(value, baseUrl) ? new URL(value, baseUrl) : undefined
  if (url && HTTP_URL.test(url.href)) return url
  throw wrong(
    option,
    isDevelopment ? `an http(s) URL without user, query and fragment, not "${value}"` : '',
  )
}

/** As `location.pathname` has it: percent-encoded, without dot segments. */
function readPath(option: string, value: string): string {
  // No backslash and no tab, which could hide another host.
  const isPath = /^\/(?!\/)[^?#\\\t\n\r]*$/.test(value)
  const path = isPath ? new URL(value, 'http://localhost').pathname : ''
  // What has been `/.//host` is one by now.
  if (/^\/(?!\/)/.test(path)) return path
  throw wrong(option, isDevelopment ? `a path such as "/app", not "${value}"` : '')
}

/**
 * Checks the options and fills in the defaults.
 *
 * @param baseUrl - what relative URLs are resolved against
 * @throws {TypeError} naming the option and what it must be
 */
export function readOptions<C>(options: TokenHandlerClientOptions<C>, baseUrl: string): Settings {
  const { callbackPath, basePath = '/', signedOutMaxAge = DEFAULT_SIGNED_OUT_MAX_AGE } = options
  const { agentUrl = DEFAULT_AGENT_URL, apiUrls = DEFAULT_API_URLS } = options
  if (!(signedOutMaxAge >= 0)) {
    throw wrong('signedOutMaxAge', isDevelopment ? '0 or more seconds' : '')
  }
  return {
    agentUrl: readUrl('agentUrl', agentUrl, baseUrl).href.replace(/\/+$/, ''),
    apiUrls: apiUrls.map((value) => readUrl('apiUrls', value, baseUrl)),
    callbackPath: callbackPath === undefined ? undefined : readPath('callbackPath', callbackPath),
    basePath: readPath('basePath', basePath),
    loggedInFlag: options.loggedInFlag ?? true,
    signedOutMaxAge,
    keepAlive: options.keepAlive ?? 'off',
    sessionExpiringBefore: options.sessionExpiringBefore ?? DEFAULT_SESSION_EXPIRING_BEFORE,
    profile: options.profile ?? tokenHandler1,
  }
}
