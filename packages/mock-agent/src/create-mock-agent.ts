// The mock agent, put together: settings, memory, handler, and the controls a test has in its hand.
import type { Operation } from '@token-handler/contract'
import { callbackUrl } from './authorization-server.ts'
import { createFailures } from './failures.ts'
import type { Failure } from './failures.ts'
import { createHandler } from './handle.ts'
import type { MockCall, MockMemory } from './handle.ts'
import { createFetch } from './mock-fetch.ts'
import type { Fetch } from './mock-fetch.ts'
import * as world from './mock-state.ts'
import { resolveOptions } from './options.ts'
import type { MockAgentOptions } from './options.ts'
import type { ApiResolver } from './protect.ts'
import type { MockUser, MockUsers, UserName } from './users.ts'

/** How the authorization server answers a login: a user has signed in, or there is an OAuth error. */
export type LoginAnswer<U extends MockUsers> =
  | { readonly user: UserName<U> }
  | { readonly error: string }

/** A mock OAuth Agent and OAuth Proxy, with one virtual browser's session in its memory. */
export interface MockAgent<U extends MockUsers> {
  /** Whether a request is for the agent or a protected resource. */
  readonly handles: (request: Request) => boolean
  /**
   * Answers a request. Resolves with `undefined` when {@link MockAgent.handles} says no, and with a
   * network error (`response.type === 'error'`) when a test asked for one.
   */
  readonly handle: (request: Request) => Promise<Response | undefined>
  /** A `fetch` to inject; a request that the mock does not know rejects and says so. */
  readonly fetch: Fetch
  /** A user has signed in: from now on there is a session, with a fresh access token. */
  readonly signIn: (user: UserName<U>) => void
  /** The session's cookies are gone, as after a logout in another tab. */
  readonly signOut: () => void
  /** APIs answer 401 until the next refresh. */
  readonly expireAccessToken: () => void
  /**
   * APIs answer 401, and the next refresh 401 `session_expired`. Until then the operation `session`
   * still says `is_logged_in: true`: the agent has cookies, and does not know better.
   */
  readonly expireSession: () => void
  /**
   * Plays the authorization server, as far as the redirect back.
   *
   * @param authorizationUrl - what `POST /login/start` answered
   * @param answer - who signed in, or the error to redirect back with
   * @returns the callback URL, for the page to be at when it ends the login
   * @throws {Error} when no login is pending that has this authorization URL
   */
  readonly completeLogin: (authorizationUrl: string, answer: LoginAnswer<U>) => string
  /** Replaces the next answer of an operation by a failure. Several queue up. The session is not touched. */
  readonly failNext: (operation: Operation, failure: Failure) => void
  /**
   * Puts an API behind the mock's proxy, which answers 401 with `WWW-Authenticate` without a session or
   * with an expired access token, and 403 `untrusted_request` without the version header.
   *
   * @param url - absolute, or relative to the page; a final `*` stands for anything. The query does not matter
   * @param resolver - answers what got through. When several match, the latest one does
   */
  readonly protect: (url: string, resolver: ApiResolver<U>) => void
  /** What the agent was asked, oldest first; all of it, or one operation's. */
  readonly calls: (operation?: Operation) => readonly MockCall[]
  /** Back to the start: session as in the options, no calls, no failures, no pending logins. Protected resources stay. */
  readonly reset: () => void
}

/**
 * Creates a mock agent: everything a frontend test needs of the OAuth Agent, the OAuth Proxy and the
 * authorization server, without a network. It keeps the session in its own memory and sets no cookies.
 * Instances share nothing.
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
  const { now, origin, redirectUri, accessTokenLifetime } = settings
  const failures = createFailures()

  const find = (user: UserName<U>): MockUser<U> => {
    const found = options.users[user]
    if (found === undefined) {
      const names = Object.keys(options.users).join(', ')
      throw new Error(`There is no user "${user}". The mock agent has: ${names}.`)
    }
    return { user, claims: found.claims }
  }
  const signedIn = (state: world.MockState<U>, user: UserName<U>): world.MockState<U> =>
    world.signIn(state, find(user), now() + accessTokenLifetime * 1000)
  const start = (): world.MockState<U> => {
    const state = world.initialState<U>()
    return options.signedIn === undefined ? state : signedIn(state, options.signedIn)
  }

  const memory: MockMemory<U> = { state: start(), calls: [], resources: [] }
  const { handles, handle } = createHandler(settings, memory, failures)

  return {
    handles,
    handle,
    fetch: createFetch(handle, origin),
    signIn: (user) => {
      memory.state = signedIn(memory.state, user)
    },
    signOut: () => {
      memory.state = world.signOut(memory.state)
    },
    expireAccessToken: () => {
      memory.state = world.expireAccessToken(memory.state, now())
    },
    expireSession: () => {
      memory.state = world.expireSession(memory.state, now())
    },
    completeLogin: (authorizationUrl, answer) => {
      const login = world.findLogin(
        memory.state,
        new URL(authorizationUrl).searchParams.get('state'),
      )
      if (login === undefined) {
        throw new Error(
          `No login is pending for ${authorizationUrl}. Pass the URL that POST /login/start answered, before the login is ended.`,
        )
      }
      if ('error' in answer) return callbackUrl(redirectUri, login.state, { error: answer.error })
      const { state, code } = world.grantCode(memory.state, login, find(answer.user))
      memory.state = state
      return callbackUrl(redirectUri, login.state, { code })
    },
    failNext: failures.add,
    protect: (url, resolver) => {
      const pattern = new URL(url, origin).href
      memory.resources = [{ pattern, resolver }, ...memory.resources]
    },
    calls: (operation) =>
      memory.calls.filter((call) => operation === undefined || call.operation === operation),
    reset: () => {
      memory.state = start()
      memory.calls = []
      failures.clear()
    },
  }
}
