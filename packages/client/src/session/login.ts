// Starts a sign-in: asks the agent where to go, remembers where the user was, and goes.
import { isHttpUrl } from '@token-handler/contract'
import type { AgentClient } from '../agent/agent-client.ts'
import { TokenHandlerError } from '../errors.ts'
import type { Platform } from '../platform/platform.ts'
import type { LoginOptions, TokenHandlerClient } from '../token-handler-client.ts'
import type { LoggedInFlagStore } from './logged-in-flag.ts'
import { withPendingLogin } from './login-records.ts'
import type { LoginRecordStore } from './login-records.ts'
import type { Navigation } from './navigation.ts'
import { sanitizeReturnTo } from './return-to.ts'

export interface LoginParts {
  readonly agent: AgentClient
  readonly platform: Platform
  readonly navigation: Navigation
  readonly records: LoginRecordStore
  readonly flag: LoggedInFlagStore
  readonly basePath: string
  readonly callbackPath: string | undefined
}

/** Makes the client's `login`. */
export function createLogin(parts: LoginParts): TokenHandlerClient<unknown>['login'] {
  const { agent, platform, navigation, records, flag, basePath, callbackPath } = parts
  let starting: Promise<never> | undefined

  async function askWhereToGo(options: LoginOptions): Promise<string> {
    const parameters = new URLSearchParams(options.parameters)
    const outcome = await agent.call('startLogin', { parameters })
    if (outcome.kind === 'failure') throw outcome.error
    const { authorizationUrl } = outcome.result
    // A profile's decoder has checked this too, but it is the app's to choose.
    if (isHttpUrl(authorizationUrl)) return authorizationUrl
    throw new TokenHandlerError(
      'contract_violation',
      'The OAuth Agent named an authorization URL that is not http(s).',
      { operation: 'startLogin' },
    )
  }

  function remember(authorizationUrl: string, options: LoginOptions): void {
    const pageUrl = platform.pageUrl()
    const target = options.returnTo ?? pageUrl
    const state = new URL(authorizationUrl).searchParams.get('state')
    const login = {
      ...(state !== null && { state }),
      returnTo: sanitizeReturnTo(target, { pageUrl, basePath, callbackPath }) ?? basePath,
      ...(options.appState !== undefined && { appState: options.appState }),
      startedAt: platform.now(),
    }
    records.write(withPendingLogin(records.read(), login))
    // "Signed out" is about to stop being true, in whichever page the sign-in ends.
    flag.forget()
  }

  async function start(options: LoginOptions): Promise<never> {
    let authorizationUrl: string
    try {
      authorizationUrl = await askWhereToGo(options)
      remember(authorizationUrl, options)
    } finally {
      starting = undefined
    }
    return navigation.leaveFor(authorizationUrl)
  }

  return (options = {}) => {
    // One at a time: a second start would replace the cookie that the first one needs to end.
    const underWay = navigation.departure() ?? starting
    if (underWay) return underWay
    starting = start(options)
    return starting
  }
}
