// The session's life at the agent: asking for it, ending a login, signing out.
import type { SessionResult } from '@token-handler/contract'
import type { AgentClient, AgentOutcome } from '../agent/agent-client.ts'
import { translateError } from '../errors.ts'
import type { TokenHandlerError } from '../errors.ts'
import type { LogoutOptions } from '../token-handler-client.ts'
import type { AccessToken } from './access-token.ts'
import type { ClaimsReader } from './claims.ts'
import type { Learn } from './learn.ts'
import type { Navigation } from './navigation.ts'
import type { Session } from './session.ts'
import type { SessionLock } from './session-lock.ts'
import type { SessionEvent } from './state.ts'
import type { SessionStore } from './store.ts'

/** The session's life. */
export interface SessionManager<C> {
  /** Asks the agent who is signed in. Asked again meanwhile, it asks once. Never rejects. */
  readonly confirm: () => Promise<SessionEvent<C>>
  /** As `confirm`, with the session it found, or the error. */
  readonly session: () => Promise<Session<C>>
  /** Hands an authorization response to the agent. Call it once per response. Never rejects. */
  readonly endLogin: (parameters: URLSearchParams) => Promise<void>
  /** As the client's `logout`. */
  readonly logout: (options?: LogoutOptions) => Promise<void>
}

export interface SessionManagerParts<C> {
  readonly agent: AgentClient
  readonly store: SessionStore<C>
  readonly token: AccessToken
  readonly lock: SessionLock
  readonly navigation: Navigation
  readonly readClaims: ClaimsReader<C>
  readonly learn: Learn<C>
}

/**
 * What an authorization server answers to a silent sign-in that it cannot do silently.
 * @see {@link https://openid.net/specs/openid-connect-core-1_0.html#AuthError OpenID Connect Core section 3.1.2.6}
 */
const interactionCodes: ReadonlySet<string | undefined> = new Set([
  'login_required',
  'interaction_required',
  'consent_required',
  'account_selection_required',
])

function loginFailed(cause: TokenHandlerError): TokenHandlerError {
  const reason = cause.agentCode ?? cause.status
  return translateError(cause, 'login_failed', `The sign-in failed: ${reason}. Call login() again.`)
}

/** The session's life for one client. */
export function createSessionManager<C>(parts: SessionManagerParts<C>): SessionManager<C> {
  const { agent, store, token, lock, navigation, readClaims, learn } = parts
  let asking: Promise<SessionEvent<C>> | undefined

  async function found(
    result: SessionResult,
    accessTokenExpiresAt: number | undefined,
  ): Promise<SessionEvent<C>> {
    if (!result.isLoggedIn) return { type: 'session-missing' }
    const read = await readClaims(result.claims ?? {})
    if (read.kind === 'misfit') return { type: 'failed', error: read.error }
    return { type: 'session-found', claims: read.claims, accessTokenExpiresAt }
  }

  async function ask(): Promise<SessionEvent<C>> {
    const outcome = await agent.call('session')
    if (outcome.kind === 'success') {
      const { result, requestedAt } = outcome
      return found(result, token.observe(requestedAt, result.accessTokenExpiresIn))
    }
    // Cookies that the agent cannot read, after a change of its keys for instance, are no session.
    if (outcome.error.status === 401) return { type: 'session-missing' }
    return { type: 'failed', error: outcome.error }
  }

  /** Whether the session has begun or ended while the agent was being asked about it. */
  function isOvertaken(before: Session<C>): boolean {
    const { status } = store.getSnapshot()
    return status !== before.status && (status === 'authenticated' || status === 'unauthenticated')
  }

  function confirm(): Promise<SessionEvent<C>> {
    const before = store.getSnapshot()
    asking ??= ask()
      .then((event) => {
        if (!isOvertaken(before)) learn(event)
        return event
      })
      .finally(() => {
        asking = undefined
      })
    return asking
  }

  /** A refused response may be an old one: the session it once led to decides. */
  async function afterRefusal(error: TokenHandlerError): Promise<SessionEvent<C>> {
    const event = await ask()
    if (event.type !== 'session-missing') return event
    return interactionCodes.has(error.agentCode)
      ? { type: 'login-required' }
      : { type: 'failed', error: loginFailed(error) }
  }

  async function readLoginEnd(outcome: AgentOutcome<SessionResult>): Promise<SessionEvent<C>> {
    if (outcome.kind === 'success') {
      const { result, requestedAt } = outcome
      return found(result, token.renew(requestedAt, result.accessTokenExpiresIn))
    }
    const { error } = outcome
    return error.code === 'agent_configuration' ? afterRefusal(error) : { type: 'failed', error }
  }

  return {
    confirm,
    async session() {
      const event = await confirm()
      if (event.type === 'failed') throw event.error
      return store.getSnapshot()
    },
    endLogin: (parameters) =>
      lock(async () => learn(await readLoginEnd(await agent.call('endLogin', { parameters })))),
    logout: ({ force = false } = {}) =>
      lock(async () => {
        const outcome = await agent.call('logout')
        const isGone = outcome.kind === 'success' || outcome.error.status === 401
        if (!isGone && !force) throw outcome.error
        learn({ type: 'signed-out' })
        if (outcome.kind === 'success' && outcome.result.logoutUrl !== undefined) {
          void navigation.leaveFor(outcome.result.logoutUrl)
        }
      }),
  }
}
