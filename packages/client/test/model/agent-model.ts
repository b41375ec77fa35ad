// The agent, the authorization server behind it and the browser's cookies, as a pure model: refresh
// tokens rotate, and one that is used twice ends its session.
import { endpoints, operations } from '@token-handler/contract'
import type { Operation } from '@token-handler/contract'
import { AGENT_URL } from '../support/fake-agent.ts'

export type User = 'alice' | 'bob'

/** A sign-in at the authorization server, and the tokens that came of it. */
export interface Grant {
  readonly user: User
  isAlive: boolean
  /** The number of the refresh token that was issued last. */
  refreshToken: number
  /** APIs accept access tokens from this number on. */
  oldestAccessToken: number
}

/** What the cookies hold. */
export interface Cookies {
  readonly grant: Grant
  readonly refreshToken: number
  readonly accessToken: number
}

/** What the server answers. `cookies` is absent when it sets none, `null` when it clears them. */
export interface ModelAnswer {
  readonly status: number
  readonly json?: unknown
  readonly cookies?: Cookies | null
  readonly headers?: Record<string, string>
}

/** The server side of the model. */
export interface AgentModel {
  readonly handle: (url: string, cookies: Cookies | undefined, body: string) => ModelAnswer
  /** Begins a session, as a sign-in does. */
  readonly grant: (user: User) => Cookies
  readonly expireAccessTokens: () => void
  readonly endGrants: () => void
  /** Whether APIs take the access token of these cookies. */
  readonly isFresh: (cookies: Cookies | undefined) => boolean
  /** Sessions that ended because a refresh token was used twice, soon enough for the agent's memory. */
  readonly losses: () => number
  /** As `losses`, but so late that the agent had forgotten the answer that nobody heard. */
  readonly lateLosses: () => number
}

/** Which operation a URL is, if it is the agent's. */
export const operationOf = (url: string): Operation | undefined =>
  operations.find((operation) => url === AGENT_URL + endpoints[operation].path)

const sessionExpired: ModelAnswer = {
  status: 401,
  json: { error_code: 'session_expired' },
  cookies: null,
}

export interface AgentModelParts {
  /** Whether the agent remembers for a while what a refresh token was exchanged for. */
  readonly hasCache: boolean
  readonly nextUser: () => User
  /** Milliseconds. */
  readonly now: () => number
}

// As long as the reference handler does by default. Milliseconds.
const RESULTS_KEPT_FOR = 20_000

export function createAgentModel({ hasCache, nextUser, now }: AgentModelParts): AgentModel {
  const grants: Grant[] = []
  const exchanged = new Map<string, { readonly cookies: Cookies; readonly at: number }>()
  let losses = 0
  let lateLosses = 0
  let logins = 0
  const pendingStates = new Set<string>()

  function grant(user: User): Cookies {
    const fresh: Grant = { user, isAlive: true, refreshToken: 0, oldestAccessToken: 0 }
    grants.push(fresh)
    return { grant: fresh, refreshToken: 0, accessToken: 0 }
  }

  const describe = ({ grant: { user } }: Cookies) => ({
    is_logged_in: true,
    id_token_claims: { sub: user },
    access_token_expires_in: 300,
  })

  function refresh(cookies: Cookies | undefined): ModelAnswer {
    if (cookies === undefined) return sessionExpired
    const { grant: spent, refreshToken } = cookies
    const key = `${grants.indexOf(spent)}:${refreshToken}`
    if (!spent.isAlive) return sessionExpired
    const known = exchanged.get(key)
    const isLate = known !== undefined && now() - known.at > RESULTS_KEPT_FOR
    if (known && hasCache && !isLate) return { status: 200, json: {}, cookies: known.cookies }
    if (refreshToken < spent.refreshToken) {
      if (hasCache && isLate) lateLosses += 1
      else losses += 1
      spent.isAlive = false
      return sessionExpired
    }
    spent.refreshToken += 1
    const fresh = {
      grant: spent,
      refreshToken: spent.refreshToken,
      accessToken: spent.refreshToken,
    }
    exchanged.set(key, { cookies: fresh, at: now() })
    return { status: 200, json: { access_token_expires_in: 300 }, cookies: fresh }
  }

  function endLogin(body: string): ModelAnswer {
    const state = new URLSearchParams(body).get('state') ?? ''
    if (!pendingStates.delete(state)) {
      return { status: 400, json: { error_code: 'invalid_request' } }
    }
    const cookies = grant(nextUser())
    return { status: 200, json: describe(cookies), cookies }
  }

  function startLogin(): ModelAnswer {
    logins += 1
    pendingStates.add(`s${logins}`)
    const authorization_url = `https://login.example.net/authorize?state=s${logins}`
    return { status: 200, json: { authorization_url } }
  }

  function logout(cookies: Cookies | undefined): ModelAnswer {
    if (cookies) cookies.grant.isAlive = false
    return { status: 200, json: {}, cookies: null }
  }

  const isFresh = (cookies: Cookies | undefined): boolean =>
    cookies !== undefined && cookies.accessToken >= cookies.grant.oldestAccessToken

  return {
    grant,
    isFresh,
    losses: () => losses,
    lateLosses: () => lateLosses,
    expireAccessTokens() {
      for (const each of grants) each.oldestAccessToken = each.refreshToken + 1
    },
    endGrants() {
      for (const each of grants) each.isAlive = false
    },
    handle(url, cookies, body) {
      switch (operationOf(url)) {
        case 'session':
          return { status: 200, json: cookies ? describe(cookies) : { is_logged_in: false } }
        case 'startLogin':
          return startLogin()
        case 'endLogin':
          return endLogin(body)
        case 'refresh':
          return refresh(cookies)
        case 'logout':
          return logout(cookies)
        case undefined:
          return { status: isFresh(cookies) ? 200 : 401 }
      }
    },
  }
}
