// The one place where the parts are put together: each gets exactly the parts it names, so the wiring can be
// read, and checked for parts that are not needed. What that weighs: decisions/0015.
import type { StandardSchemaV1 } from '@standard-schema/spec'
import type { Claims } from '@token-handler/contract'
import { createAgentClient } from './agent/agent-client.ts'
import { createSessionFetch } from './fetch/session-fetch.ts'
import { createLoginEnd } from './login/end-login.ts'
import { createLoginRecords } from './login/login-records.ts'
import { createLogout } from './login/logout.ts'
import { createNavigation } from './login/navigation.ts'
import { createReadReturnTo } from './login/return-to.ts'
import { createStartLogin } from './login/start-login.ts'
import { createStateOwners } from './login/state-owners.ts'
import { createCookieVerification } from './login/verify-cookies.ts'
import { readOptions } from './options.ts'
import type { TokenHandlerClientOptions } from './options.ts'
import { followPageLifecycle } from './page/page-lifecycle.ts'
import { createPageLoader } from './page/run-page-load.ts'
import { createBrowserPlatform } from './platform/browser.ts'
import { beginLifetime } from './platform/lifetime.ts'
import { createAccessToken } from './refresh/access-token.ts'
import { createRefresher } from './refresh/refresher.ts'
import { createSessionLock } from './refresh/session-lock.ts'
import { createTimers } from './refresh/timers.ts'
import { createTabListener } from './session/follow-tabs.ts'
import { createIdentify } from './session/identity.ts'
import { createLoggedInFlag } from './session/logged-in-flag.ts'
import { createClaimsReader } from './session/read-claims.ts'
import type { ClaimsReader } from './session/read-claims.ts'
import { createLastUser } from './session/last-user.ts'
import { createRecordEvent } from './session/record-event.ts'
import { reporting } from './session/reporting.ts'
import { createSessionFinder } from './session/session-finder.ts'
import { createSessionManager } from './session/session-manager.ts'
import { createSessionStore } from './session/store.ts'
import { createTabs } from './tabs/tabs.ts'
import type { TokenHandlerClient } from './token-handler-client.ts'
import { createTracer } from './trace.ts'

/** Seconds; see `ensureFresh`. */
const DEFAULT_MIN_TTL = 60
/** Which agent a client is of, for what the hooks keep for each; of several copies of this package, too. */
const AGENT: symbol = Symbol.for('@token-handler/client/agent')

function compose<C>(
  options: TokenHandlerClientOptions<C>,
  readClaims: ClaimsReader<C>,
): TokenHandlerClient<C> {
  const { platform, end, untilDisposed } = beginLifetime(createBrowserPlatform(options.platform))
  const settings = readOptions(options, platform.baseUrl())
  const { agentUrl, callbackPath } = settings
  // Apps of one origin share what they know of one agent, and of no other.
  const prefix = `token-handler:${agentUrl}`

  const tabId = platform.random().toString(36).slice(2)
  const tracer = createTracer(tabId, platform.now)
  // Apps of one origin may share an agent; what each keeps of its user, it keeps for itself.
  const lastUserKey = `${prefix}:lastUser:${settings.basePath}`
  const lastUser = createLastUser(platform, lastUserKey)
  const identify = createIdentify(options.identity)
  const store = createSessionStore<C>(tracer, lastUser, identify)
  const flagStorage = settings.loggedInFlag ? platform.localStorage : undefined
  const flag = createLoggedInFlag(flagStorage, prefix, platform.now, settings.signedOutMaxAge)
  const records = createLoginRecords(platform.sessionStorage, prefix)
  const navigation = createNavigation(platform, store.tellLeaving)
  const owners = createStateOwners(platform.localStorage, prefix, platform.now)
  const agent = createAgentClient(agentUrl, settings.profile, platform, tracer)
  const token = createAccessToken(platform)

  // Events are recorded by way of the verification, which sees whether a sign-in's cookies work.
  const verification = createCookieVerification(
    platform,
    records,
    agentUrl,
    createRecordEvent(store, flag, platform),
  )
  const recordEvent = verification.recordAndVerify

  const tabs = createTabs(platform, prefix, tabId, tracer)
  const withLock = createSessionLock(platform, prefix, tabs, tracer)
  const finder = createSessionFinder({
    tabs,
    store,
    agent,
    recordEvent,
    token,
    withLock,
    flag,
    readClaims,
    identify,
  })
  const manager = createSessionManager({ tabs, store, agent, platform, finder, prefix })
  const tabListener = createTabListener({
    tabs,
    store,
    recordEvent,
    token,
    withLock,
    finder,
    manager,
  })
  const refresher = createRefresher({
    tabs,
    store,
    agent,
    recordEvent,
    token,
    withLock,
    platform,
    manager,
    tracer,
  })

  const readReturnTo = createReadReturnTo(platform, settings.basePath, callbackPath)
  const startLogin = createStartLogin({
    store,
    records,
    owners,
    agent,
    recordEvent,
    platform,
    flag,
    navigation,
    readReturnTo,
  })
  const loginEnd = createLoginEnd({
    tabs,
    store,
    agent,
    recordEvent,
    token,
    withLock,
    finder,
    manager,
    verification,
    startLogin,
  })
  const loader = createPageLoader({
    store,
    records,
    owners,
    platform,
    manager,
    verification,
    flag,
    readReturnTo,
    callbackPath,
    loginEnd,
  })

  const setTimers = createTimers({
    tabs,
    store,
    token,
    platform,
    manager,
    refresher,
    keepAlive: settings.keepAlive,
    sessionExpiringBefore: settings.sessionExpiringBefore,
  })
  followPageLifecycle({
    tabs,
    store,
    platform,
    manager,
    tracer,
    navigation,
    refresher,
    tabListener,
    loader,
    setTimers,
  })

  const login = untilDisposed(startLogin)
  const logout = untilDisposed(
    createLogout({ tabs, agent, recordEvent, withLock, navigation, platform }),
  )

  return {
    [AGENT]: agentUrl,
    load: untilDisposed(loader.load),
    session: untilDisposed(manager.session),
    login: (loginOptions) => reporting(login(loginOptions), store.report),
    refresh: untilDisposed(refresher.refreshNow),
    ensureFresh: untilDisposed(async (minTtl = DEFAULT_MIN_TTL) => {
      if (refresher.isDue(minTtl)) await refresher.refreshNow()
    }),
    logout: (logoutOptions) => reporting(logout(logoutOptions), store.report),
    fetch: untilDisposed(
      createSessionFetch({
        tabs,
        store,
        agent,
        platform,
        manager,
        tracer,
        verification,
        refresher,
        agentUrl,
        apiUrls: settings.apiUrls,
      }),
    ),
    getSnapshot: store.getSnapshot,
    isLeaving: navigation.isLeaving,
    subscribe: store.subscribe,
    on: store.on,
    dispose() {
      store.silence()
      end()
    },
  }
}

/**
 * Creates the client of one OAuth Agent. Create it once, at module level; nothing is sent until a
 * method is called.
 *
 * @param options - none are required where agent and APIs are on the page's own origin, at `/oauth-agent` and
 *   `/api/`; `claims` gives the claims their type
 * @throws {TypeError} when an option is not usable, naming it
 *
 * @example
 * export const tokenHandler = createTokenHandlerClient({
 *   agentUrl: 'https://api.example.com/oauth-agent',
 *   apiUrls: ['https://api.example.com/api/'],
 *   claims: z.object({ sub: z.string(), name: z.string() }),
 * })
 */
export function createTokenHandlerClient<C>(
  options: TokenHandlerClientOptions<C> & { readonly claims: StandardSchemaV1<unknown, C> },
): TokenHandlerClient<C>
export function createTokenHandlerClient(
  options?: TokenHandlerClientOptions<Claims> & { readonly claims?: undefined },
): TokenHandlerClient<Claims>
export function createTokenHandlerClient<C>(
  options: TokenHandlerClientOptions<C> = {},
): TokenHandlerClient<C> | TokenHandlerClient<Claims> {
  const { claims, ...rest } = options
  return claims === undefined
    ? compose<Claims>(
        rest,
        createClaimsReader((value) => ({ value })),
      )
    : compose<C>(
        rest,
        createClaimsReader((value) => claims['~standard'].validate(value)),
      )
}
