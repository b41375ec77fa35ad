// Starts a sign-in: asks the agent where to go, remembers where the user was, and goes.
import { isHttpUrl } from '@token-handler/contract'
import type { StartLoginResult } from '@token-handler/contract'
import type { AgentClient } from '../agent/agent-client.ts'
import { isDevelopment } from '../development.ts'
import { TokenHandlerError } from '../errors.ts'
import type { Platform } from '../platform/platform.ts'
import type { LoginOptions } from '../token-handler-client.ts'
import type { LoggedInFlag } from '../session/logged-in-flag.ts'
import type { RecordEvent } from '../session/record-event.ts'
import type { SessionStore } from '../session/store.ts'
import { expectResponse } from './match-response.ts'
import { withPendingLogin } from './login-records.ts'
import type { LoginRecordStore, PendingLogin } from './login-records.ts'
import type { Navigation } from './navigation.ts'
import type { ReadReturnTo } from './return-to.ts'
import type { StateOwners } from './state-owners.ts'

export interface StartLoginParts {
  readonly store: Pick<SessionStore<unknown>, 'getSnapshot'>
  readonly records: LoginRecordStore
  readonly owners: StateOwners
  readonly agent: AgentClient
  readonly recordEvent: RecordEvent<never>
  readonly platform: Platform
  readonly flag: LoggedInFlag
  readonly navigation: Navigation
  readonly readReturnTo: ReadReturnTo
}

/** What a sign-in is started with; a restart takes the pending login that was lost. */
export type LoginStart = LoginOptions & Pick<PendingLogin, 'isRestart'>

/** Starts a sign-in; see the client's `login`. */
export type StartLogin = (options?: LoginStart) => Promise<never>

// More sign-ins in so many milliseconds, without a user's doing and without a session, are a loop; see
// decisions/0013.
const MAX_AUTOMATIC = 2
const LOOP_WINDOW = 60_000

/** Makes the client's `login`. */
export function createStartLogin({
  store,
  records,
  owners,
  agent,
  recordEvent,
  platform,
  flag,
  navigation,
  readReturnTo,
}: StartLoginParts): StartLogin {
  let starting: Promise<never> | undefined

  async function askWhereToGo(options: LoginStart): Promise<StartLoginResult> {
    const parameters = new URLSearchParams(options.parameters)
    const outcome = await agent.call('startLogin', { parameters })
    if (outcome.kind === 'failure') throw outcome.error
    // A profile's decoder has checked this too, but it is the app's to choose.
    if (isHttpUrl(outcome.result.authorizationUrl)) return outcome.result
    throw new TokenHandlerError(
      'contract_violation',
      isDevelopment ? 'The OAuth Agent named an authorization URL that is not http(s).' : '',
      { operation: 'startLogin' },
    )
  }

  /** Recent sign-ins without user activation. */
  const recentAutomatic = () =>
    records.read().automatic.filter((at) => Math.abs(platform.now() - at) < LOOP_WINDOW)

  /** Nobody has asked for this sign-in, and it may be one of many. */
  function refuse(reason: string): never {
    const advice = isDevelopment ? `${reason} Let the user call login().` : ''
    const error = new TokenHandlerError('login_loop', advice, { operation: 'startLogin' })
    recordEvent({ type: 'login-failed', error })
    throw error
  }

  function remember(
    result: StartLoginResult,
    options: LoginStart,
    isActive: boolean | undefined,
  ): void {
    const { appState, parameters, isRestart } = options
    const startedAt = platform.now()
    const login = {
      ...expectResponse(result),
      returnTo: readReturnTo(
        options.returnTo ?? platform.pageUrl(),
        options.returnTo !== undefined,
      ),
      appState,
      parameters,
      isRestart,
      startedAt,
    }
    const automatic = isActive ? [] : [...recentAutomatic(), startedAt]
    const isKept = records.update((current) => ({ ...withPendingLogin(current, login), automatic }))
    // Uncounted, it would be started on the page that the browser comes back to, too, and so for ever.
    const hasSession = store.getSnapshot().status === 'authenticated'
    if (isActive === false && !isKept && !hasSession) {
      refuse(isDevelopment ? 'Nothing would count this sign-in: sessionStorage keeps nothing.' : '')
    }
    owners.claim(login.state)
    // "Signed out" is about to stop being true, in whichever page the sign-in ends.
    flag.forget()
  }

  async function prepare(options: LoginStart): Promise<string> {
    if (!platform.isTopLevel()) {
      throw new TokenHandlerError(
        'not_top_level',
        isDevelopment
          ? 'A sign-in needs a page in a tab of its own: authorization servers refuse to be shown in frames.'
          : '',
      )
    }
    const activation = platform.whenActivated()
    if (activation) await activation
    // Throws for what is not JSON, before the agent has given a login cookie.
    JSON.stringify(options.appState)
    const isActive = platform.isUserActive()
    const isAutomatic = !isActive
    if (isAutomatic && recentAutomatic().length >= MAX_AUTOMATIC) {
      refuse(isDevelopment ? 'Sign-ins were started again and again without a session.' : '')
    }
    const result = await askWhereToGo(options)
    remember(result, options, isActive)
    return result.authorizationUrl
  }

  async function start(options: LoginStart): Promise<never> {
    let authorizationUrl: string
    try {
      authorizationUrl = await prepare(options)
    } finally {
      starting = undefined
    }
    // The page leaves for a sign-out that was asked for meanwhile: it goes on.
    return navigation.departure() ?? navigation.leaveFor(authorizationUrl, options.replace)
  }

  return (options = {}) => {
    // One at a time: a second start would replace the cookie that the first one needs to end.
    const underWay = navigation.departure() ?? starting
    if (underWay) return underWay
    starting = navigation.prepare(start(options))
    return starting
  }
}
