// The options of a mock and their defaults.
import type { MockUsers, UserName } from './users.ts'

/** Options of `createMockAgent`. */
export interface MockAgentOptions<U extends MockUsers> {
  /** The OAuth Agent's URL, as the SPA's client has it; may be relative to the page. */
  readonly agentUrl: string
  /** Who can sign in. */
  readonly users: U
  /** Who is signed in at the start and after `reset()`. Default: nobody. */
  readonly signedIn?: NoInfer<UserName<U>>
  /** The SPA's origin. Default: the page's own (in jsdom too), without a page `http://localhost:3000`. */
  readonly origin?: string
  /** Where the authorization server redirects to; may be relative to the page. Default: `/`. */
  readonly redirectUri?: string
  /**
   * Extra authorization parameters that the SPA may send. Default: `acr_values`, `login_hint`,
   * `max_age`, `prompt`, `ui_locales`.
   */
  readonly allowedParameters?: readonly string[]
  /** Seconds that an access token lasts. Default: 300. */
  readonly accessTokenLifetime?: number
  /** The clock, in milliseconds since the epoch. Default: `Date.now`, read late, so fake timers work. */
  readonly now?: () => number
}

/** Options with their defaults filled in, and URLs absolute. */
export interface Settings {
  /** Without a trailing slash. */
  readonly agentUrl: string
  readonly origin: string
  readonly redirectUri: string
  readonly allowedParameters: readonly string[]
  readonly accessTokenLifetime: number
  readonly now: () => number
}

const pageOrigin = (): string =>
  'location' in globalThis && globalThis.location.origin !== 'null'
    ? globalThis.location.origin
    : 'http://localhost:3000'

/** Fills in the defaults. */
export function resolveOptions<U extends MockUsers>(options: MockAgentOptions<U>): Settings {
  const origin = options.origin ?? pageOrigin()
  return {
    agentUrl: new URL(options.agentUrl, origin).href.replace(/\/$/, ''),
    origin,
    redirectUri: new URL(options.redirectUri ?? '/', origin).href,
    allowedParameters: options.allowedParameters ?? [
      'acr_values',
      'login_hint',
      'max_age',
      'prompt',
      'ui_locales',
    ],
    accessTokenLifetime: options.accessTokenLifetime ?? 300,
    now: options.now ?? (() => Date.now()),
  }
}
