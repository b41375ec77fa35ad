// The one place where the parts are put together.
import type { StandardSchemaV1 } from '@standard-schema/spec'
import type { Claims } from '@token-handler/contract'
import { createAgentClient } from './agent/agent-client.ts'
import { createSessionFetch } from './fetch/session-fetch.ts'
import { readOptions } from './options.ts'
import { createBrowserPlatform } from './platform/browser.ts'
import { createAccessToken } from './session/access-token.ts'
import { createClaimsReader } from './session/claims.ts'
import type { ClaimsReader } from './session/claims.ts'
import { createLearn } from './session/learn.ts'
import { createLoader } from './session/load.ts'
import { createLoggedInFlag } from './session/logged-in-flag.ts'
import { createLogin } from './session/login.ts'
import { createLoginRecords } from './session/login-records.ts'
import { createNavigation } from './session/navigation.ts'
import { createRefresher } from './session/refresh.ts'
import { createSessionLock } from './session/session-lock.ts'
import { createSessionManager } from './session/session-manager.ts'
import { createSessionStore } from './session/store.ts'
import type { TokenHandlerClient, TokenHandlerClientOptions } from './token-handler-client.ts'

function compose<C>(
  options: TokenHandlerClientOptions<C>,
  readClaims: ClaimsReader<C>,
): TokenHandlerClient<C> {
  const platform = { ...createBrowserPlatform(), ...options.platform }
  const settings = readOptions(options, platform.baseUrl())
  const { agentUrl, apiUrls, profile } = settings
  // Apps of one origin share what they know of one agent, and of no other.
  const prefix = `token-handler:${agentUrl}`

  const agent = createAgentClient(agentUrl, profile, platform)
  const store = createSessionStore<C>()
  const flagStorage = settings.isLoggedIn === 'on' ? platform.localStorage : undefined
  const flag = createLoggedInFlag(flagStorage, prefix, platform.now)
  const records = createLoginRecords(platform.sessionStorage, prefix)
  const learn = createLearn(store, flag)
  const token = createAccessToken(platform.now)
  const lock = createSessionLock()
  const navigation = createNavigation(platform)
  const refresher = createRefresher({ agent, platform, store, token, lock, learn })
  const manager = createSessionManager({ agent, store, token, lock, navigation, readClaims, learn })
  const loader = createLoader({ ...settings, platform, store, manager, records, flag })
  const { headers } = profile

  platform.onRestored(() => {
    navigation.arrive()
    loader.revalidate()
  })

  return {
    load: loader.load,
    session: manager.session,
    login: createLogin({ ...settings, agent, platform, navigation, records, flag }),
    async refresh() {
      const failure = await refresher.refreshSince(token.epoch())
      if (failure) throw failure
    },
    logout: manager.logout,
    fetch: createSessionFetch({ platform, token, refresher, apiUrls, agentUrl, headers }),
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
