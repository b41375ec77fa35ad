// The mock agent, put together: settings, state, handler and controls.
import type { SessionCookie } from './agent/cookies.ts'
import { rememberedUser } from './agent/server-state.ts'
import {
  answerSilently,
  authenticate,
  readAuthorizationRequest,
  respond,
} from './authorization-server/authorize.ts'
import type { AuthorizationAnswer } from './authorization-server/authorize.ts'
import type { Authentication, TokenPolicy } from './authorization-server/state.ts'
import { pageAt } from './authorization-server/urls.ts'
import { createCallLog } from './controls/call-log.ts'
import { currentPageUrl } from './controls/kept-response.ts'
import { createClock } from './controls/clock.ts'
import { createScriptedAnswers } from './controls/scripted-answers.ts'
import { createHandler } from './handle.ts'
import { createVirtualCookies } from './http/cookie-store.ts'
import { forgetLoggedInFlag, forgetStoredByClients } from './http/page-storage.ts'
import { createRealCookies, sealSession } from './http/real-cookies.ts'
import { cookieUrl, refuseInsecureCookies } from './http/secure-cookies.ts'
import { createStateStore } from './state-store.ts'
import type { LoginAnswer, MockAgent } from './mock-agent.ts'
import { createFetch } from './mock-fetch.ts'
import * as world from './mock-state.ts'
import type { MockState } from './mock-state.ts'
import { resolveOptions } from './options.ts'
import type { MockAgentOptions } from './options.ts'
import type { ProtectedResource } from './protect.ts'
import { findUser } from './users.ts'
import type { MockUsers, UserName } from './users.ts'

/**
 * Creates a mock agent: everything a frontend test needs of the OAuth Agent, the OAuth Proxy and the
 * authorization server, without a network. Unless told otherwise it plays one browser, keeps its session
 * in its own memory and sets no cookies. Instances share nothing.
 *
 * @example
 * ```ts
 * const agent = createMockAgent({
 *   agentUrl: 'https://api.example.com/oauth-agent',
 *   users: { alice: { claims: { sub: 'alice', name: 'Alice' } } },
 * })
 * agent.protect('https://api.example.com/api/orders', ({ claims }) =>
 *   Response.json([{ id: 1, customer: claims.name }]),
 * )
 * agent.signIn('alice')
 * agent.expireAccessToken()
 * // … the SPA asks for its orders, is refused, refreshes, and asks again:
 * expect(agent.calls('refresh')).toHaveLength(1)
 * ```
 */
export function createMockAgent<const U extends MockUsers>(
  options: MockAgentOptions<U>,
): MockAgent<U> {
  const settings = resolveOptions(options)
  const { agentUrl, issuer, origin } = settings
  const { users, signedIn, storage } = options
  const clock = createClock(options.now ?? (() => Date.now()))
  const scriptedAnswers = createScriptedAnswers(clock)
  const log = createCallLog()

  const policy = (): TokenPolicy => ({ ...settings, now: clock.now() })
  const authenticated = (user: UserName<U>, acr?: string): Authentication<U> =>
    authenticate(findUser(users, user), { acrValues: [] }, clock.now(), acr)
  const beginSession = (state: MockState<U>, user: UserName<U>, acr?: string): MockState<U> => {
    forgetLoggedInFlag(agentUrl)
    return world.signIn(state, authenticated(user, acr), policy())
  }
  const start = (): MockState<U> => {
    const state = world.initialState<U>(crypto.randomUUID())
    return signedIn === undefined ? state : beginSession(state, signedIn)
  }

  if (settings.cookies === 'real') {
    refuseInsecureCookies(agentUrl)
    if (signedIn !== undefined) refuseRealCookies('signedIn')
  }
  const stateStore = createStateStore(users, start, storage, `mock-agent-1:${agentUrl}`)
  const cookieStore =
    settings.cookies === 'real' ? createRealCookies<U>() : createVirtualCookies<U>(origin)
  let resources: readonly ProtectedResource<U>[] = []
  const parts = { settings, users, stateStore, cookieStore, clock, scriptedAnswers, log }
  const handler = createHandler(parts, () => resources)
  let isDisposed = false
  const handles = (request: Request): boolean => !isDisposed && handler.handles(request)
  const handle = async (
    request: Request,
    pageUrl: string | undefined = currentPageUrl(),
  ): Promise<Response | undefined> => (isDisposed ? undefined : handler.handle(request, pageUrl))

  /** A control that is about the one virtual browser. */
  const ofVirtualBrowser =
    <A extends readonly unknown[]>(control: string, act: (...args: A) => void) =>
    (...args: A): void => {
      if (settings.cookies === 'real') refuseRealCookies(control)
      act(...args)
    }

  const answerLogin = (url: string, answer: LoginAnswer<U>): AuthorizationAnswer<U> => {
    if ('error' in answer) return { kind: 'error', error: answer.error }
    const request = readAuthorizationRequest(url)
    if (request.isSilent) {
      const remembered = rememberedUser(stateStore.read().servers, settings)
      const isThatUser = remembered?.user === answer.user
      return answerSilently(request, isThatUser ? remembered : undefined, clock.now())
    }
    const user = findUser(users, answer.user)
    const authentication = authenticate(user, request, clock.now(), answer.acr)
    return { kind: 'authenticated', authentication }
  }

  const isPending = (url: string): boolean => {
    if (!URL.canParse(url) || pageAt(url, issuer) !== 'authorize') return false
    const { state } = readAuthorizationRequest(url)
    const { browser } = stateStore.read()
    // With real cookies only the browser knows what it has started.
    return settings.cookies === 'real' || browser.logins.some((login) => login.state === state)
  }

  const reset = (): void => {
    scriptedAnswers.clear()
    log.clear()
    stateStore.update(start)
    if (settings.cookies === 'virtual') forgetStoredByClients(agentUrl)
  }

  const dispose = (): void => {
    reset()
    isDisposed = true
  }

  return {
    handles,
    handle,
    fetch: createFetch(handle, origin, log.addUnexpected),
    signIn: ofVirtualBrowser('signIn', (user, { acr } = {}) =>
      stateStore.update((state) => beginSession(state, user, acr)),
    ),
    switchUser: ofVirtualBrowser('switchUser', (user) => {
      if (stateStore.read().browser.session === undefined) {
        throw new Error('There is no session. Call signIn(user) first.')
      }
      stateStore.update((state) => beginSession(state, user))
    }),
    signOut: ofVirtualBrowser('signOut', () => stateStore.update(world.signOut)),
    expireAccessToken: () => stateStore.update(world.expireAccessToken),
    expireSession: () => stateStore.update(world.expireSession),
    rotateCookieKey: () => stateStore.update(world.rotateCookieKey),
    advance: clock.advance,
    completeLogin: (authorizationUrl, answer) => {
      if (!isPending(authorizationUrl)) {
        throw new Error(
          `No login is pending for ${authorizationUrl}. Pass the URL that POST /login/start answered, before the login is ended.`,
        )
      }
      const { servers } = stateStore.read()
      const { server, callbackUrl } = respond(
        servers.authorizationServer,
        issuer,
        readAuthorizationRequest(authorizationUrl),
        answerLogin(authorizationUrl, answer),
      )
      stateStore.update((state) => ({
        ...state,
        servers: { ...servers, authorizationServer: server },
      }))
      return callbackUrl
    },
    sessionCookies: (user, { acr } = {}) => {
      if (settings.cookies !== 'real') {
        throw new Error("sessionCookies needs the option cookies: 'real'; otherwise call signIn.")
      }
      const begun = world.beginSession(stateStore.read(), authenticated(user, acr), policy())
      return keepSealed(begun.state, begun.session)
    },
    failNext: scriptedAnswers.failNext,
    delay: scriptedAnswers.delay,
    hang: scriptedAnswers.hang,
    protect: (url, resolver, requirements = {}) => {
      const pattern = new URL(url, origin).href
      resources = [{ pattern, resolver, requirements }, ...resources]
    },
    calls: log.calls,
    waitFor: log.waitFor,
    expectNoUnexpectedCalls: log.expectNoUnexpectedCalls,
    reset,
    dispose,
    [Symbol.dispose]: dispose,
  }

  function keepSealed(state: MockState<U>, session: SessionCookie<U>) {
    const sealed = sealSession(state, session)
    stateStore.update(() => sealed.state)
    const url = cookieUrl(agentUrl)
    const attributes = { url, httpOnly: true, secure: true, sameSite: 'Strict' } as const
    return sealed.cookies.map((cookie) => ({ ...cookie, ...attributes }))
  }
}

function refuseRealCookies(control: string): never {
  throw new Error(
    `${control} is about the one virtual browser, and with cookies: 'real' there is none. Put sessionCookies(user) into a browser instead.`,
  )
}
