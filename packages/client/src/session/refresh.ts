// Refreshes the access token: once for everybody who asks meanwhile, and never without a session.
import type { AgentClient, AgentOutcome } from '../agent/agent-client.ts'
import { TokenHandlerError, translateError } from '../errors.ts'
import type { Platform } from '../platform/platform.ts'
import type { AccessToken } from './access-token.ts'
import type { Learn } from './learn.ts'
import type { SessionLock } from './session-lock.ts'
import type { SessionStore } from './store.ts'

/** Refreshes the access token. */
export interface Refresher {
  /**
   * Refreshes, unless that has already happened since the given epoch. Never rejects: gives the error
   * `session_expired`, `refresh_unavailable` or `agent_configuration`, or nothing after a success.
   */
  readonly refreshSince: (epoch: number) => Promise<TokenHandlerError | undefined>
  /** Whether a request should wait for a refresh: one is under way, or the token is near its end. */
  readonly isDue: () => boolean
}

export interface RefresherParts<C> {
  readonly agent: AgentClient
  readonly platform: Platform
  readonly store: SessionStore<C>
  readonly token: AccessToken
  readonly lock: SessionLock
  readonly learn: Learn<C>
}

// A mistake in Retry-After must not keep a page from refreshing for the rest of its life. Seconds.
const MAX_PAUSE = 300

/** Only these answers say that the session is over; anything else may pass. */
function isSessionOver({ status, agentCode }: TokenHandlerError): boolean {
  if (status === 401) return true
  return status === 400 && (agentCode === 'invalid_grant' || agentCode === 'session_expired')
}

const SESSION_EXPIRED = 'Nobody is signed in any more. Call login().'
const REFRESH_UNAVAILABLE =
  'The access token cannot be refreshed now. The session is kept; try again later.'

/** Refreshes for one client. */
export function createRefresher<C>(parts: RefresherParts<C>): Refresher {
  const { agent, platform, store, token, lock, learn } = parts
  let running: Promise<TokenHandlerError | undefined> | undefined
  let pause: { readonly until: number; readonly error: TokenHandlerError } | undefined

  const isSignedOut = () => store.getSnapshot().status === 'unauthenticated'

  function fail(outcome: Extract<AgentOutcome<unknown>, { kind: 'failure' }>): TokenHandlerError {
    if (isSessionOver(outcome.error)) {
      learn({ type: 'session-missing' })
      return translateError(outcome.error, 'session_expired', SESSION_EXPIRED)
    }
    const isConfiguration = outcome.error.code === 'agent_configuration'
    const error = isConfiguration
      ? outcome.error
      : translateError(outcome.error, 'refresh_unavailable', REFRESH_UNAVAILABLE, true)
    if (outcome.retryAfter !== undefined) {
      const seconds = Math.min(outcome.retryAfter, MAX_PAUSE)
      pause = { until: platform.now() + seconds * 1000, error }
    }
    learn({ type: 'failed', error })
    return error
  }

  async function refresh(): Promise<TokenHandlerError | undefined> {
    const outcome = await agent.call('refresh')
    if (outcome.kind === 'failure') return fail(outcome)
    const accessTokenExpiresAt = token.renew(
      outcome.requestedAt,
      outcome.result.accessTokenExpiresIn,
    )
    learn({ type: 'refreshed', accessTokenExpiresAt })
    return undefined
  }

  /** Under the lock: an earlier holder may have signed out, or in, meanwhile. */
  async function refreshIfNeeded(epoch: number): Promise<TokenHandlerError | undefined> {
    if (isSignedOut()) return new TokenHandlerError('session_expired', SESSION_EXPIRED)
    if (token.epoch() !== epoch) return undefined
    if (pause && platform.now() < pause.until) return pause.error
    return refresh()
  }

  return {
    refreshSince(epoch) {
      running ??= lock(() => refreshIfNeeded(epoch)).finally(() => {
        running = undefined
      })
      return running
    },
    isDue: () => !isSignedOut() && (running !== undefined || token.isDue()),
  }
}
