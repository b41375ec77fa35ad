// Finds out the current session, from the agent or from another tab. An answer is discarded if a session
// has begun or ended while the request was in flight.
import type { SessionResult } from '@token-handler/contract'
import { isTimeoutError } from '../agent/explain-answer.ts'
import type { AgentClient, AgentOutcome } from '../agent/agent-client.ts'
import type { AccessToken } from '../refresh/access-token.ts'
import type { SessionLock } from '../refresh/session-lock.ts'
import { hasEnded, isDefiniteEnd, isOver } from '../tabs/tab-messages.ts'
import type { Notice } from '../tabs/tab-messages.ts'
import type { Tabs } from '../tabs/tabs.ts'
import type { Identify } from './identity.ts'
import type { LoggedInFlag } from './logged-in-flag.ts'
import type { ClaimsReader } from './read-claims.ts'
import type { RecordEvent } from './record-event.ts'
import type { SessionFacts } from './session-facts.ts'
import type { SessionStore } from './store.ts'
import type { SessionEvent } from './transition.ts'

/** The session on show, as the agent described it, and the epoch in which it began. */
export interface CurrentSession {
  readonly facts: SessionFacts
  readonly since: number
}

/** Finds out the session. Nothing here rejects. */
export interface SessionFinder<C> {
  /** Asks the agent, and records what it says: with `record`, where it is given. */
  readonly ask: (record?: RecordEvent<C>) => Promise<SessionEvent<C>>
  /** As `ask`, but first asks the other tabs, if the flag says that a user is signed in. */
  readonly askTabs: () => Promise<SessionEvent<C>>
  /**
   * Records the agent's answer, unless a session has begun or ended since `before`, the newest notice
   * when the agent was asked: then the answer is about another session, and the agent is asked again, or
   * the end is recorded.
   */
  readonly applyAnswer: (
    outcome: AgentOutcome<SessionResult>,
    before: Notice,
    record?: RecordEvent<C>,
  ) => Promise<SessionEvent<C>>
  readonly current: () => CurrentSession | undefined
}

export interface SessionFinderParts<C> {
  readonly tabs: Tabs
  readonly store: SessionStore<C>
  readonly agent: AgentClient
  readonly recordEvent: RecordEvent<C>
  readonly token: AccessToken
  readonly withLock: SessionLock
  readonly flag: LoggedInFlag
  readonly readClaims: ClaimsReader<C>
  readonly identify: Identify
}

/** Finds out for one client. */
export function createSessionFinder<C>({
  tabs,
  store,
  agent,
  recordEvent,
  token,
  withLock,
  flag,
  readClaims,
  identify,
}: SessionFinderParts<C>): SessionFinder<C> {
  let current: CurrentSession | undefined

  async function toEvent(facts: SessionFacts): Promise<SessionEvent<C>> {
    const read = await readClaims(facts.claims)
    return read.kind === 'misfit'
      ? { type: 'failed', error: read.error }
      : { type: 'session-found', claims: read.claims, facts }
  }

  async function readAnswer(
    outcome: AgentOutcome<SessionResult>,
    before: Notice,
  ): Promise<SessionEvent<C>> {
    if (outcome.kind === 'failure') {
      const { means, error } = outcome
      return means === 'no-session'
        ? { type: 'session-missing', cause: error }
        : { type: 'failed', error }
    }
    const { requestedAt, result } = outcome
    const {
      isLoggedIn,
      claims = {},
      accessTokenExpiresIn,
      sessionExpiresIn,
      isDeviceBound,
    } = result
    if (!isLoggedIn) return { type: 'session-missing' }
    const { epoch, accessTokenExpiresAt } = tabs.latest()
    return toEvent({
      claims,
      // An answer to a question from before a refresh is about the previous token.
      accessTokenExpiresAt:
        epoch > before.epoch
          ? accessTokenExpiresAt
          : token.noteExpiry(requestedAt, accessTokenExpiresIn),
      sessionExpiresAt:
        sessionExpiresIn === undefined ? undefined : requestedAt + sessionExpiresIn * 1000,
      isDeviceBound,
    })
  }

  /** Publishes to the other tabs what they cannot have noticed; under the lock, so that epochs only grow. */
  function share(type: 'signed-in' | 'expired', before: Notice, facts?: SessionFacts): void {
    void withLock('session', async () => {
      const latest = tabs.latest()
      // A session that has begun or ended since then is newer than this, or was forgotten with storage.
      if (latest.since > before.epoch) {
        if (type === 'signed-in') void ask()
        return
      }
      const { since } = tabs.publish(type, { ...latest, ...facts })
      if (facts) current = { facts, since }
    })
  }

  async function applyFinding(
    found: SessionEvent<C>,
    before: Notice,
    record: RecordEvent<C> = recordEvent,
  ): Promise<SessionEvent<C>> {
    const latest = tabs.latest()
    let event = found
    if (event.type !== 'failed' && latest.since > before.epoch) {
      if (!isDefiniteEnd(latest)) return ask(record)
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
      // No tab has published another user since this one learnt of the last.
      const isOther =
        current?.since === latest.since && identify(current.facts.claims) !== identify(facts.claims)
      if (isFirst || isOther) share('signed-in', before, facts)
      event = { ...event, isNew: current !== undefined && current.since < latest.since }
      current = { facts, since: latest.since }
    }
    record(event)
    return event
  }

  async function applyAnswer(
    outcome: AgentOutcome<SessionResult>,
    before: Notice,
    record?: RecordEvent<C>,
  ): Promise<SessionEvent<C>> {
    return applyFinding(await readAnswer(outcome, before), before, record)
  }

  async function ask(record?: RecordEvent<C>): Promise<SessionEvent<C>> {
    const before = tabs.latest()
    return applyAnswer(await agent.call('session'), before, record)
  }

  async function askTabs(): Promise<SessionEvent<C>> {
    const before = tabs.latest()
    const early = agent.takeEarlyAnswer(JSON.stringify(before))
    const handing = flag.isLoggedIn() ? tabs.askForSession() : Promise.resolve(undefined)
    const asking = early && agent.call('session', undefined, early)
    // The other tabs may know it while the agent hangs.
    const answer = await Promise.race([
      asking,
      handing.then((handed) => (handed ? undefined : asking)),
    ])
    // One that failed says nothing: it may have been sent before the page was ready for it. Unless it was waited for.
    if (answer && (answer.kind === 'success' || isTimeoutError(answer.error.cause))) {
      return applyAnswer(answer, before)
    }
    const handed = await handing
    const event = handed && (await toEvent(handed))
    if (event?.type !== 'session-found') return ask()
    token.adoptRenewal({ ...before, ...handed })
    // A tab's word is not the agent's: the flag stays as old as it is.
    return applyFinding(event, before, store.dispatch)
  }

  return { ask, askTabs, applyAnswer, current: () => current }
}
