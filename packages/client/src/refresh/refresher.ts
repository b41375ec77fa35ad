// Refreshes the access token: single-flight in this page, under the lock of all tabs, never without a session.
import type { AgentClient, AgentOutcome } from '../agent/agent-client.ts'
import { isDevelopment } from '../development.ts'
import { TokenHandlerError, translateError } from '../errors.ts'
import type { ClientPlatform } from '../platform/lifetime.ts'
import { wait } from '../platform/wait.ts'
import type { Tracer } from '../trace.ts'
import type { AccessToken } from './access-token.ts'
import type { RecordEvent } from '../session/record-event.ts'
import { isOver } from '../tabs/tab-messages.ts'
import type { SessionLock } from './session-lock.ts'
import type { SessionManager } from '../session/session-manager.ts'
import type { SessionStore } from '../session/store.ts'
import type { Tabs } from '../tabs/tabs.ts'

/** What became of a call to refresh. */
export type RefreshOutcome =
  | { readonly kind: 'renewed' }
  /** The token is another one already, or the session is: worth a try before a refresh. */
  | { readonly kind: 'skipped' }
  /** `session_expired`, `refresh_unavailable` or `agent_configuration`. */
  | { readonly kind: 'failed'; readonly error: TokenHandlerError }

/** Refreshes the access token. */
export interface Refresher {
  /** Refreshes, unless that has already happened since the given epoch. Never rejects. */
  readonly refreshSince: (epoch: number) => Promise<RefreshOutcome>
  /** Refreshes for the app, whatever has happened before; rejects with why it could not. */
  readonly refreshNow: () => Promise<void>
  /** Whether a request should wait for a refresh: one is under way, or the token needs one. */
  readonly isDue: (minTtl?: number) => boolean
  /** Something has changed for the better: no need to wait any longer after a failure. */
  readonly resume: () => void
}

export interface RefresherParts<C> {
  readonly tabs: Tabs
  readonly store: SessionStore<C>
  readonly agent: AgentClient
  readonly recordEvent: RecordEvent<C>
  readonly token: AccessToken
  readonly withLock: SessionLock
  readonly platform: ClientPlatform
  readonly manager: SessionManager<C>
  readonly tracer: Tracer
}

/** After a failure: nothing is asked until then. */
interface Pause {
  /** Milliseconds of the monotonic clock: setting the other one must not make it longer. */
  readonly until: number
  readonly error: TokenHandlerError
  /** By `Retry-After`. */
  readonly isRequestedByAgent: boolean
}

// Seconds. A mistake in Retry-After must not keep a page from refreshing for the rest of its life.
const MAX_RETRY_AFTER = 300
const MAX_BACKOFF = 30
// Requests rather wait so long than fail. Milliseconds.
const SHORT_PAUSE = 2_000

const SESSION_EXPIRED = isDevelopment ? 'The session has ended. Call login().' : ''
/** The message of the error `refresh_unavailable`. */
export const REFRESH_UNAVAILABLE = isDevelopment
  ? 'The access token cannot be refreshed now. Try again later.'
  : ''

/** The error for a call that needs a session when there is none. */
export const sessionExpired = (): TokenHandlerError =>
  new TokenHandlerError('session_expired', SESSION_EXPIRED)

/** Refreshes for one client. */
export function createRefresher<C>({
  tabs,
  store,
  agent,
  recordEvent,
  token,
  withLock,
  platform,
  manager,
  tracer,
}: RefresherParts<C>): Refresher {
  let running: Promise<RefreshOutcome> | undefined
  let failures = 0
  let pause: Pause | undefined

  const isSignedOut = () => store.getSnapshot().status === 'unauthenticated'
  const pausedFor = () => (pause ? pause.until - platform.monotonicNow() : 0)

  const fail = (error: TokenHandlerError): RefreshOutcome => ({ kind: 'failed', error })
  const unavailable = (cause: TokenHandlerError) =>
    translateError(cause, 'refresh_unavailable', REFRESH_UNAVAILABLE, true)

  function pauseAfter(error: TokenHandlerError, retryAfter = 0): void {
    // Tabs that failed together must not come back together.
    const backoff = Math.min(MAX_BACKOFF, 2 ** failures) * (1 + platform.random())
    const seconds = Math.max(backoff / 2, Math.min(retryAfter, MAX_RETRY_AFTER))
    failures += 1
    const until = platform.monotonicNow() + seconds * 1000
    pause = { until, error, isRequestedByAgent: retryAfter > 0 }
  }

  /** Why not to refresh, if there is a reason. */
  function reasonToSkip(epoch: number): 'signed-out' | 'refreshed-already' | undefined {
    if (isSignedOut()) return 'signed-out'
    const latest = tabs.latest()
    return latest.epoch === epoch || isOver(latest) ? undefined : 'refreshed-already'
  }

  /** Under the lock: an earlier holder may have refreshed, signed out or signed in while this one waited. */
  async function ask(epoch: number) {
    const reason = isOver(tabs.latest()) ? 'signed-out' : reasonToSkip(epoch)
    if (reason) return reason
    const outcome = await agent.call('refresh')
    const latest = tabs.latest()
    if (outcome.kind === 'success') {
      // Only without the lock: the session has ended while its token was renewed.
      if (isOver(latest)) return 'signed-out'
      const { requestedAt, result } = outcome
      tabs.publish('refreshed', token.renew(requestedAt, result.accessTokenExpiresIn))
    } else if (outcome.means === 'no-session') {
      // A sign-in may have happened while the request was in flight: then the answer is about another session.
      if (latest.since > epoch) return 'signed-out'
      tabs.publish('expired')
    }
    return outcome
  }

  /** Whether there is a session: the agent knows, even if the page that was signing out died. */
  async function findOutSession(): Promise<RefreshOutcome> {
    tabs.catchUp()
    const event = isSignedOut() ? undefined : await manager.confirmSession()
    if (event?.type === 'failed') return fail(unavailable(event.error))
    return isSignedOut() ? fail(sessionExpired()) : { kind: 'skipped' }
  }

  function applyOutcome(outcome: AgentOutcome<unknown>): RefreshOutcome {
    if (outcome.kind === 'success') {
      failures = 0
      pause = undefined
      const { accessTokenExpiresAt } = tabs.latest()
      recordEvent({ type: 'refreshed', accessTokenExpiresAt })
      manager.recheck()
      return { kind: 'renewed' }
    }
    const { means, error, retryAfter } = outcome
    if (means === 'no-session') {
      recordEvent({ type: 'session-missing', cause: error })
      return fail(translateError(error, 'session_expired', SESSION_EXPIRED))
    }
    const failure = means === 'misconfigured' ? error : unavailable(error)
    pauseAfter(failure, retryAfter)
    recordEvent({ type: 'failed', error: failure })
    return fail(failure)
  }

  async function refresh(epoch: number): Promise<RefreshOutcome> {
    const rest = reasonToSkip(epoch) ? 0 : pausedFor()
    if (pause && rest > SHORT_PAUSE) {
      tracer.takeStep?.({ kind: 'refresh-skipped', because: 'paused', epoch })
      return fail(pause.error)
    }
    if (rest > 0) await wait(platform, rest)
    const done = reasonToSkip(epoch) ?? (await withLock('refresh', () => ask(epoch)))
    if (typeof done !== 'string') return applyOutcome(done)
    tracer.takeStep?.({ kind: 'refresh-skipped', because: done, epoch })
    return done === 'signed-out' ? findOutSession() : { kind: 'skipped' }
  }

  function refreshSince(epoch: number): Promise<RefreshOutcome> {
    running ??= refresh(epoch).finally(() => {
      running = undefined
    })
    return running
  }

  return {
    refreshSince,
    async refreshNow() {
      const { epoch, renewedAt } = tabs.latest()
      let refreshed = await refreshSince(epoch)
      // Skipped because of news, of a session found for instance, but there is no newer token.
      if (refreshed.kind === 'skipped' && tabs.latest().renewedAt === renewedAt) {
        refreshed = await refreshSince(tabs.latest().epoch)
      }
      if (refreshed.kind === 'failed') throw refreshed.error
    },
    isDue: (minTtl) =>
      !isSignedOut() && (running !== undefined || (pausedFor() <= 0 && token.isDue(minTtl))),
    resume() {
      if (!pause?.isRequestedByAgent) pause = undefined
    },
  }
}
