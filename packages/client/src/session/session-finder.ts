// Finding out the session: the agent's answer becomes an event, and counts unless news has overtaken it.
import type { SessionResult } from '@token-handler/contract'
import type { AgentClient, AgentOutcome } from '../agent/agent-client.ts'
import type { AccessToken } from '../refresh/access-token.ts'
import type { ClaimsReader } from './read-claims.ts'
import type { Learn } from './record-event.ts'
import { hasEnded, isOver } from '../tabs/tab-messages.ts'
import type { Notice, SessionFacts } from '../tabs/tab-messages.ts'
import type { SessionLock } from '../refresh/session-lock.ts'
import type { SessionEvent } from './transition.ts'
import type { SessionStore } from './store.ts'
import type { Tabs } from '../tabs/tabs.ts'

/** The session on show, as the agent told it, and the epoch in which it began. */
export interface KnownSession {
  readonly facts: SessionFacts
  readonly since: number
}

/** Finds out. Nothing here rejects. */
export interface SessionFinder<C> {
  /** Asks the agent, and takes in what it says. `accept` does so in place of `learn`. */
  readonly ask: (accept?: Learn<C>) => Promise<SessionEvent<C>>
  /** What a described session is to the app. */
  readonly found: (facts: SessionFacts) => Promise<SessionEvent<C>>
  /** What the agent's answer is to the app; `before` is the newest notice when it was asked. */
  readonly read: (outcome: AgentOutcome<SessionResult>, before: Notice) => Promise<SessionEvent<C>>
  /**
   * Takes in what was found out. When a session has begun or ended since `before`, it is about another
   * one: the agent is asked again, or the end is taken in.
   */
  readonly settle: (
    finding: Promise<SessionEvent<C>>,
    before: Notice,
    accept?: Learn<C>,
  ) => Promise<SessionEvent<C>>
  readonly known: () => KnownSession | undefined
}

export interface SessionFinderParts<C> {
  readonly agent: AgentClient
  readonly store: SessionStore<C>
  readonly token: AccessToken
  readonly lock: SessionLock
  readonly tabs: Tabs
  readonly readClaims: ClaimsReader<C>
  readonly learn: Learn<C>
}

/** Finds out for one client. */
export function createSessionFinder<C>(parts: SessionFinderParts<C>): SessionFinder<C> {
  const { agent, store, token, lock, tabs, readClaims, learn } = parts
  let known: KnownSession | undefined

  async function found(facts: SessionFacts): Promise<SessionEvent<C>> {
    const read = await readClaims(facts.claims)
    return read.kind === 'misfit'
      ? { type: 'failed', error: read.error }
      : { type: 'session-found', claims: read.claims, facts }
  }

  async function read(
    outcome: AgentOutcome<SessionResult>,
    before: Notice,
  ): Promise<SessionEvent<C>> {
    if (outcome.kind === 'failure') {
      const { means, error } = outcome
      return means === 'no-session' ? { type: 'session-missing' } : { type: 'failed', error }
    }
    const { requestedAt, result } = outcome
    const { isLoggedIn, claims = {}, accessTokenExpiresIn, sessionExpiresIn } = result
    if (!isLoggedIn) return { type: 'session-missing' }
    const { epoch, accessTokenExpiresAt } = tabs.latest()
    return found({
      claims,
      // An answer to a question from before a refresh is about the previous token.
      accessTokenExpiresAt:
        epoch > before.epoch
          ? accessTokenExpiresAt
          : token.observe(requestedAt, accessTokenExpiresIn),
      sessionExpiresAt:
        sessionExpiresIn === undefined ? undefined : requestedAt + sessionExpiresIn * 1000,
    })
  }

  /** Tells the other tabs what they cannot have noticed; under the lock, so that epochs only grow. */
  function share(type: 'signed-in' | 'expired', before: Notice, facts?: SessionFacts): void {
    void lock('session', async () => {
      const latest = tabs.latest()
      // A session that has begun or ended meanwhile is newer than this news.
      if (latest.since > before.epoch && (type === 'expired' || hasEnded(latest))) return
      const { since } = tabs.publish(type, { ...latest, ...facts })
      if (facts) known = { facts, since }
    })
  }

  async function settle(
    finding: Promise<SessionEvent<C>>,
    before: Notice,
    accept: Learn<C> = learn,
  ): Promise<SessionEvent<C>> {
    const event = await finding
    const latest = tabs.latest()
    if (event.type !== 'failed' && latest.since > before.epoch) {
      if (!hasEnded(latest)) return ask(accept)
      const ended = { type: 'session-missing' } as const
      tabs.catchUp()
      store.dispatch(ended)
      return ended
    }
    if (event.type === 'session-missing' && latest.epoch > 0 && !hasEnded(latest)) {
      share('expired', before)
    }
    if (event.type === 'session-found') {
      const { facts } = event
      const isFirst = latest.epoch === 0 || isOver(before)
      // Nobody has told of another user since this tab learnt of the last one.
      const isOther =
        known?.since === latest.since && known.facts.claims['sub'] !== facts.claims['sub']
      if (isFirst || isOther) share('signed-in', before, facts)
      known = { facts, since: latest.since }
    }
    accept(event)
    return event
  }

  function ask(accept?: Learn<C>): Promise<SessionEvent<C>> {
    const before = tabs.latest()
    const finding = agent.call('session').then((outcome) => read(outcome, before))
    return settle(finding, before, accept)
  }

  return { ask, found, read, settle, known: () => known }
}
