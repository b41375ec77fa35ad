// The options of a mock and their defaults.
import { DEFAULT_AUTHORIZATION_SERVER_URL } from './authorization-server/urls.ts'
import type { MockUsers, UserName } from './users.ts'
import type { MockProfile } from './wire/profile.ts'
import { tokenHandler1Mock } from './wire/token-handler-1.ts'

/** Where a mock keeps its state over page loads; `sessionStorage` is one. */
export type MockStorage = Pick<Storage, 'getItem' | 'setItem'>

/** Options of `createMockAgent`. */
export interface MockAgentOptions<U extends MockUsers> {
  /** The OAuth Agent's URL, as the SPA's client has it; may be relative to the page. */
  readonly agentUrl: string
  /**
   * The generation of the wire that the app speaks, as a value. For the open source agents: `agentNodeServer`
   * of `@token-handler/mock-agent/agent-node`.
   * @default tokenHandler1
   */
  readonly profile?: MockProfile
  /** Who can sign in. */
  readonly users: U
  /**
   * The user that is signed in at the start and after `reset()`. Not with real cookies.
   * @default undefined, no user
   */
  readonly signedIn?: NoInfer<UserName<U>>
  /**
   * The SPA's origin.
   * @default the page's own (in jsdom too), without a page `http://localhost:3000`
   */
  readonly origin?: string
  /**
   * Where the authorization server redirects to; may be relative to the page. A client with `callbackPath` needs
   * that path here: on any other page it leaves the response alone, and the mock says so on the console.
   * @default '/'
   */
  readonly redirectUri?: string
  /**
   * Where the authorization server's sign-in page is; may be relative to the page. Default:
   * `https://login.example`, which resolves nowhere. A service worker can only serve pages of its own
   * origin: behind msw's, use a path.
   */
  readonly authorizationServerUrl?: string
  /**
   * How the authorization server answers: with plain parameters, or signed (JARM).
   * @default 'query'
   */
  readonly responseMode?: 'query' | 'jwt'
  /**
   * How the mock tells browsers apart. Default: `virtual`, not at all: it plays one browser, whose cookies
   * are in the mock's own memory. With `real` it issues cookies, opaque and with the real attributes, to
   * as many browsers as there are, and wants an `Origin` where the agent does; that needs something that
   * handles cookies, such as Playwright, and an `agentUrl` with https or on localhost: they are `Secure`.
   */
  readonly cookies?: 'virtual' | 'real'
  /**
   * Extra authorization parameters that the SPA may send. Default: `acr_values`, `login_hint`,
   * `max_age`, `prompt`, `ui_locales`.
   */
  readonly allowedParameters?: readonly string[]
  /**
   * Seconds that an access token lasts.
   * @default 300
   */
  readonly accessTokenLifetime?: number
  /**
   * Whether each refresh token is good once, and a second use ends the session, or stays the same.
   * @default 'rotating'
   */
  readonly refreshTokens?: 'rotating' | 'reusable'
  /**
   * Seconds for which the authorization server still takes a refresh token that was just used.
   * @default 0
   */
  readonly refreshTokenGraceFor?: number
  /**
   * Seconds for which the agent answers a refresh that comes late, with a refresh token just used, by the
   * result of the first one. Default: 20, as the real agent's. 0 turns it off.
   */
  readonly refreshResultsKeptFor?: number
  /**
   * Keeps the state over page loads, in a browser.
   * @default undefined: the state ends with the page
   */
  readonly storage?: MockStorage
  /**
   * The clock, in milliseconds since the epoch.
   * @default Date.now, read late, so that fake timers work
   */
  readonly now?: () => number
}

/** Options with their defaults filled in, and URLs absolute. */
export interface Settings {
  /** Without a trailing slash. */
  readonly agentUrl: string
  readonly profile: MockProfile
  readonly origin: string
  readonly redirectUri: string
  /** Of the authorization server, without a trailing slash. */
  readonly issuer: string
  readonly responseMode: 'query' | 'jwt'
  readonly cookies: 'virtual' | 'real'
  readonly allowedParameters: readonly string[]
  readonly accessTokenLifetime: number
  readonly refreshTokens: 'rotating' | 'reusable'
  readonly refreshTokenGraceFor: number
  readonly refreshResultsKeptFor: number
}

const pageOrigin = (): string =>
  'location' in globalThis && globalThis.location.origin !== 'null'
    ? globalThis.location.origin
    : 'http://localhost:3000'

const defaultParameters = ['acr_values', 'login_hint', 'max_age', 'prompt', 'ui_locales']

/** Fills in the defaults. */
export function resolveOptions<U extends MockUsers>(options: MockAgentOptions<U>): Settings {
  const origin = options.origin ?? pageOrigin()
  const absolute = (url: string): string => new URL(url, origin).href
  const issuer = options.authorizationServerUrl ?? DEFAULT_AUTHORIZATION_SERVER_URL
  return {
    agentUrl: absolute(options.agentUrl).replace(/\/$/, ''),
    profile: options.profile ?? tokenHandler1Mock,
    origin,
    redirectUri: absolute(options.redirectUri ?? '/'),
    issuer: absolute(issuer).replace(/\/$/, ''),
    responseMode: options.responseMode ?? 'query',
    cookies: options.cookies ?? 'virtual',
    allowedParameters: options.allowedParameters ?? defaultParameters,
    accessTokenLifetime: options.accessTokenLifetime ?? 300,
    refreshTokens: options.refreshTokens ?? 'rotating',
    refreshTokenGraceFor: options.refreshTokenGraceFor ?? 0,
    refreshResultsKeptFor: options.refreshResultsKeptFor ?? 20,
  }
}
