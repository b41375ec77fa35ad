// The one place where the parts are put together.
import type { StandardSchemaV1 } from '@standard-schema/spec'
import type { Claims } from '@token-handler/contract'
import { createAgentClient } from './agent/agent-client.ts'
import { createSessionFetch } from './fetch/session-fetch.ts'
import { readOptions } from './options.ts'
import { createBrowserPlatform } from './platform/browser.ts'
import { createAccessToken } from './refresh/access-token.ts'
import { createClaimsReader } from './session/read-claims.ts'
import type { ClaimsReader } from './session/read-claims.ts'
import { createLastUser } from './session/last-user.ts'
import { createLearn } from './session/record-event.ts'
import { createLoader } from './page/run-page-load.ts'
import { createLoggedInFlag } from './session/logged-in-flag.ts'
import { createLogin } from './login/start-login.ts'
import { createLoginEnd } from './login/verify-cookies.ts'
import { createLogout } from './login/logout.ts'
import { createLoginRecords } from './login/login-records.ts'
import { createNavigation } from './login/navigation.ts'
import { followPageLife } from './page/page-lifecycle.ts'
import { createRefresher } from './refresh/refresher.ts'
import { createSessionFinder } from './session/session-finder.ts'
import { createSessionLock } from './refresh/session-lock.ts'
import { createSessionManager } from './session/session-manager.ts'
import { createSessionStore } from './session/store.ts'
import { createTabs } from './tabs/tabs.ts'
import { createTimers } from './refresh/timers.ts'
import type { TokenHandlerClient, TokenHandlerClientOptions } from './token-handler-client.ts'
import { createTracer } from './trace.ts'

/** Seconds; see `ensureFresh`. */
const DEFAULT_MIN_TTL = 60

function compose<C>(
  options: TokenHandlerClientOptions<C>,
  readClaims: ClaimsReader<C>,
): TokenHandlerClient<C> {
  const platform = { ...createBrowserPlatform(), ...options.platform }
  const settings = readOptions(options, platform.baseUrl())
  const { agentUrl, profile } = settings
  // Apps of one origin share what they know of one agent, and of no other.
  const prefix = `token-handler:${agentUrl}`

  const tabId = platform.random().toString(36).slice(2)
  const tracer = createTracer(tabId, platform.now)
  // Apps of one origin may share an agent; what each keeps of its user, it keeps for itself.
  const lastUserKey = `${prefix}:lastUser:${settings.basePath}`
  const lastUser = createLastUser(platform.localStorage, lastUserKey, platform.random)
  const store = createSessionStore<C>(tracer, lastUser)
  const flagStorage = settings.isLoggedIn === 'on' ? platform.localStorage : undefined
  const flag = createLoggedInFlag(flagStorage, prefix, platform.now, settings.signedOutMaxAge)
  const records = createLoginRecords(platform.sessionStorage, prefix)
  const navigation = createNavigation(platform)
  const agent = createAgentClient(agentUrl, profile, platform, tracer)
  const base = {
    ...settings,
    platform,
    prefix,
    tabId,
    tracer,
    store,
    flag,
    records,
    navigation,
    agent,
  }

  const loginEnd = createLoginEnd({ ...base, learn: createLearn(store, flag) })
  const tabs = createTabs(base)
  const lock = createSessionLock({ ...base, tabs })
  const token = createAccessToken(platform)
  const { learn } = loginEnd
  const known = { ...base, loginEnd, learn, tabs, lock, token }

  const finder = createSessionFinder({ ...known, readClaims })
  const manager = createSessionManager({ ...known, finder })
  const refresher = createRefresher({ ...known, manager })
  const login = createLogin(known)
  const all = { ...known, manager, refresher, login }
  const loader = createLoader(all)
  const setTimers = createTimers(all)
  followPageLife({ ...all, loader, setTimers })

  async function refresh(): Promise<void> {
    const { epoch, renewedAt } = tabs.latest()
    let refreshed = await refresher.refreshSince(epoch)
    // Skipped because of news, of a session found for instance, but there is no newer token.
    if (refreshed.kind === 'skipped' && tabs.latest().renewedAt === renewedAt) {
      refreshed = await refresher.refreshSince(tabs.latest().epoch)
    }
    if (refreshed.kind === 'failed') throw refreshed.error
  }

  return {
    load: loader.load,
    session: manager.session,
    login,
    refresh,
    async ensureFresh(minTtl = DEFAULT_MIN_TTL) {
      if (refresher.isDue(minTtl)) await refresh()
    },
    logout: createLogout(known),
    fetch: createSessionFetch(all),
    getSnapshot: store.getSnapshot,
    subscribe: store.subscribe,
    on: store.on,
  }
}

/**
 * Creates the client of one OAuth Agent. Create it once, at module level; nothing is sent until a
 * method is called.
 *
 * @param options - `agentUrl` and `apiUrls` are required; `claims` gives the claims their type
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
  options: TokenHandlerClientOptions<Claims> & { readonly claims?: never },
): TokenHandlerClient<Claims>
export function createTokenHandlerClient<C>(
  options: TokenHandlerClientOptions<C>,
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
