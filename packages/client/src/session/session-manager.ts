// The session's life on this page: found out, begun by a sign-in, followed from tab to tab.
import type { AgentClient } from '../agent/agent-client.ts'
import type { TokenHandlerError } from '../errors.ts'
import type { Platform } from '../platform/platform.ts'
import type { AccessToken } from '../refresh/access-token.ts'
import type { Learn } from './record-event.ts'
import type { LoggedInFlag } from './logged-in-flag.ts'
import { hasEnded, isOver } from '../tabs/tab-messages.ts'
import type { SessionFinder } from './session-finder.ts'
import type { Session } from './session.ts'
import type { SessionLock } from '../refresh/session-lock.ts'
import type { SessionEvent } from './transition.ts'
import type { SessionStore } from './store.ts'
import type { TabListener, Tabs } from '../tabs/tabs.ts'

/** What the refusal of an authorization response comes to. */
export type JudgeRefusal = (refusal: TokenHandlerError) => SessionEvent<never> | undefined

/** The session's life. */
export interface SessionManager<C> extends TabListener {
  /** Asks the agent who is signed in. Asked again meanwhile, it asks once. Never rejects. */
  readonly confirm: () => Promise<SessionEvent<C>>
  /** As `confirm`, unless the session on show is known to be the current one. */
  readonly recheck: () => void
  /** As `confirm`, but another tab that knows saves the call to the agent. */
  readonly discover: () => Promise<unknown>
  /** As `confirm`, if that is long ago, and only one tab asks; the others hear what has changed. */
  readonly revalidate: () => Promise<unknown>
  /** As `confirm`, with the session it found, or the error. */
  readonly session: () => Promise<Session<C>>
  /**
   * Hands an authorization response to the agent. Call it once per response. Never rejects.
   *
   * @param judge - says what a refusal means when there is no session either; nothing when the
   *   caller sees to it
   */
  readonly endLogin: (parameters: URLSearchParams, judge: JudgeRefusal) => Promise<void>
}

export interface SessionManagerParts<C> {
  readonly agent: AgentClient
  readonly platform: Platform
  readonly prefix: string
  readonly store: SessionStore<C>
  readonly token: AccessToken
  readonly lock: SessionLock
  readonly tabs: Tabs
  readonly flag: LoggedInFlag
  readonly finder: SessionFinder<C>
  readonly learn: Learn<C>
}

// What was found out so recently is known well enough. Milliseconds.
const RECENT = 30_000

/** The session's life for one client. */
export function createSessionManager<C>(parts: SessionManagerParts<C>): SessionManager<C> {
  const { agent, platform, prefix, store, token, lock, tabs, flag, finder, learn } = parts
  const { ask, found, read, settle, known } = finder
  let asking: Promise<SessionEvent<C>> | undefined
  let foundAt = 0

  function once(work: () => Promise<SessionEvent<C>>): Promise<SessionEvent<C>> {
    asking ??= work().finally(() => {
      asking = undefined
      foundAt = platform.now()
    })
    return asking
  }

  const confirm = () => once(ask)

  /** A new access token says nothing about whose it is, when nobody has told since a sign-in. */
  function recheck(): void {
    const session = known()
    if (session && session.since < tabs.latest().since) void confirm()
  }

  async function takeOver(): Promise<SessionEvent<C>> {
    const before = tabs.latest()
    const handed = flag.isLoggedIn() ? await tabs.askForSession() : undefined
    const event = handed && (await found(handed))
    if (event?.type !== 'session-found') return ask()
    token.follow({ ...before, ...handed })
    // A tab's word is not the agent's: the flag stays as old as it is.
    return settle(Promise.resolve(event), before, store.dispatch)
  }

  return {
    confirm,
    recheck,
    discover: () => once(takeOver),
    async revalidate() {
      if (Math.abs(platform.now() - foundAt) < RECENT) return undefined
      const before = tabs.latest()
      const name = `${prefix}:revalidation`
      const asked = platform.requestLock(name, { ifAvailable: true }, async (lock) =>
        lock ? agent.call('session') : undefined,
      )
      if (!asked) return confirm()
      const outcome = await asked
      return outcome && once(() => settle(read(outcome, before), before))
    },
    async session() {
      const event = await confirm()
      if (event.type === 'failed') throw event.error
      return store.getSnapshot()
    },
    async endLogin(parameters, judge) {
      let before = tabs.latest()
      const outcome = await lock('endLogin', async () => {
        const answer = await agent.call('endLogin', { parameters })
        if (answer.kind === 'success' && answer.result.isLoggedIn) {
          const { requestedAt, result } = answer
          const renewal = token.renew(requestedAt, result.accessTokenExpiresIn)
          before = tabs.publish('signed-in', renewal)
        }
        return answer
      })
      if (outcome.kind === 'success' || outcome.means !== 'ask-session') {
        await settle(read(outcome, before), before)
        return
      }
      // A refused response may be an old one: the session it once led to decides.
      await ask((event) => {
        const verdict = event.type === 'session-missing' ? judge(outcome.error) : event
        if (verdict) learn(verdict)
      })
    },
    follow(notice, knownSince) {
      const { type, accessTokenExpiresAt } = notice
      const isNew = notice.since > knownSince
      if (!isNew && type !== 'refreshed') return
      token.follow(notice)
      const { status } = store.getSnapshot()
      // Whoever has not asked yet, or is asking, finds out anyway.
      if (status === 'loading') return
      if (!isNew) {
        // Not `learn`: this page may not know yet what the flag says already.
        store.dispatch({ type: 'refreshed', accessTokenExpiresAt })
        return recheck()
      }
      if (hasEnded(notice)) {
        if (status === 'unauthenticated') return
        // An expiry is the agent's own word.
        if (type === 'expired') return store.dispatch({ type: 'session-missing' })
        learn({ type: 'signed-out', origin: 'other-tab' })
      }
      void confirm()
    },
    handOver() {
      const session = store.getSnapshot()
      if (session.status !== 'authenticated' || session.stale) return undefined
      const { accessTokenExpiresAt, sessionExpiresAt } = session
      const current = known()
      const latest = tabs.latest()
      // Nobody can vouch for a session that somebody is about to end.
      return current && current.since === latest.since && !isOver(latest)
        ? { claims: current.facts.claims, accessTokenExpiresAt, sessionExpiresAt }
        : undefined
    },
  }
}
