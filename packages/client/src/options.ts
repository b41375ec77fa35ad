// The app's options, checked and completed in one place.
import type { ClientProfile } from '@token-handler/contract'
import { tokenHandler1 } from '@token-handler/contract'
import type { TokenHandlerClientOptions } from './token-handler-client.ts'

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
const DEFAULT_AGENT_URL = '/oauth-agent'
const DEFAULT_API_URLS = ['/api/']
const DEFAULT_SIGNED_OUT_MAX_AGE = 300
const DEFAULT_SESSION_EXPIRING_BEFORE = 120

const HTTP_URL = /^https?:\/\/[^@/?#]+\/[^?#]*$/

function readUrl(option: string, value: string, baseUrl: string): URL {
  const url = URL.canParse(value, baseUrl) ? new URL(value, baseUrl) : undefined
  if (url && HTTP_URL.test(url.href)) return url
  throw new TypeError(
    `Option ${option} must be an http(s) URL without user, query and fragment, not "${value}".`,
  )
}

function readPath(option: string, value: string): string {
  if (!/^\/(?![/\\])[^?#\\]*$/.test(value)) {
    throw new TypeError(`Option ${option} must be a path such as "/app", not "${value}".`)
  }
  return value
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
    throw new TypeError('Option signedOutMaxAge must be 0 or more seconds.')
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
