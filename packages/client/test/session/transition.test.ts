// Every state met by every event.
import { describe, expect, it } from 'vitest'
import { TokenHandlerError } from '../../src/errors.ts'
import type { Session } from '../../src/session/session.ts'
import type { SessionFacts } from '../../src/session/session-facts.ts'
import { transition } from '../../src/session/transition.ts'
import type { SessionEvent } from '../../src/session/transition.ts'

interface User {
  readonly sub: string
}

const alice: User = { sub: 'alice' }
const bob: User = { sub: 'bob' }
const earlier = new TokenHandlerError('agent_unreachable', 'earlier')
const later = new TokenHandlerError('agent_unreachable', 'later')
const refused = new TokenHandlerError('agent_configuration', 'refused')

const unfinished = new TokenHandlerError('agent_unreachable', 'not ended', {
  operation: 'endLogin',
})

const facts = (accessTokenExpiresAt?: number, sessionExpiresAt?: number): SessionFacts => ({
  claims: {},
  accessTokenExpiresAt,
  sessionExpiresAt,
})

const states = {
  loading: { status: 'loading' },
  alice: { status: 'authenticated', claims: alice, accessTokenExpiresAt: 9_000, stale: false },
  'stale alice': {
    status: 'authenticated',
    claims: alice,
    accessTokenExpiresAt: 9_000,
    stale: true,
  },
  none: { status: 'unauthenticated', reason: 'none' },
  'login required': { status: 'unauthenticated', reason: 'login-required' },
  'signed out': { status: 'unauthenticated', reason: 'signed-out' },
  expired: { status: 'unauthenticated', reason: 'expired' },
  error: { status: 'error', error: earlier },
  'failed sign-in': { status: 'error', error: unfinished },
  // Only ever results:
  bob: { status: 'authenticated', claims: bob, stale: false },
  'alice until 20': {
    status: 'authenticated',
    claims: alice,
    accessTokenExpiresAt: 20_000,
    stale: false,
  },
  'later error': { status: 'error', error: later },
  'refusal error': { status: 'error', error: refused },
} satisfies Record<string, Session<User>>

const events = {
  'load-started': { type: 'load-started' },
  'alice found': { type: 'session-found', claims: alice, facts: facts(9_000) },
  'bob found': { type: 'session-found', claims: bob, facts: facts() },
  missing: { type: 'session-missing' },
  'login-required': { type: 'login-required' },
  'login-failed': { type: 'login-failed', error: later },
  refreshed: { type: 'refreshed', accessTokenExpiresAt: 20_000 },
  'signed-out': { type: 'signed-out', origin: 'this-tab' },
  unreachable: { type: 'failed', error: later },
  refusal: { type: 'failed', error: refused },
} satisfies Record<string, SessionEvent<User>>

type StateName = keyof typeof states
type Row = Record<keyof typeof events, StateName | 'same'>

const signedOutRow: Row = {
  'load-started': 'loading',
  'alice found': 'alice',
  'bob found': 'bob',
  missing: 'same',
  'login-required': 'login required',
  'login-failed': 'later error',
  refreshed: 'same',
  'signed-out': 'signed out',
  unreachable: 'same',
  refusal: 'same',
}

const table: Partial<Record<StateName, Row>> = {
  loading: {
    'load-started': 'same',
    'alice found': 'alice',
    'bob found': 'bob',
    missing: 'none',
    'login-required': 'login required',
    'login-failed': 'later error',
    refreshed: 'same',
    'signed-out': 'signed out',
    unreachable: 'later error',
    refusal: 'refusal error',
  },
  alice: {
    'load-started': 'same',
    'alice found': 'same',
    'bob found': 'bob',
    missing: 'expired',
    'login-required': 'login required',
    'login-failed': 'later error',
    refreshed: 'alice until 20',
    'signed-out': 'signed out',
    unreachable: 'stale alice',
    refusal: 'same',
  },
  'stale alice': {
    'load-started': 'same',
    'alice found': 'alice',
    'bob found': 'bob',
    missing: 'expired',
    'login-required': 'login required',
    'login-failed': 'later error',
    refreshed: 'alice until 20',
    'signed-out': 'signed out',
    unreachable: 'same',
    refusal: 'same',
  },
  none: signedOutRow,
  'login required': { ...signedOutRow, 'login-required': 'same' },
  'signed out': { ...signedOutRow, 'signed-out': 'same' },
  expired: signedOutRow,
  'failed sign-in': {
    'load-started': 'same',
    'alice found': 'alice',
    'bob found': 'bob',
    missing: 'same',
    'login-required': 'login required',
    'login-failed': 'later error',
    refreshed: 'same',
    'signed-out': 'signed out',
    unreachable: 'same',
    refusal: 'same',
  },
  error: {
    'load-started': 'loading',
    'alice found': 'alice',
    'bob found': 'bob',
    missing: 'none',
    'login-required': 'login required',
    'login-failed': 'later error',
    refreshed: 'same',
    'signed-out': 'signed out',
    unreachable: 'later error',
    refusal: 'refusal error',
  },
}

const isStateName = (name: string): name is StateName => name in states
const isEventName = (name: string): name is keyof typeof events => name in events

const cases = Object.entries(table).flatMap(([from, row]) =>
  Object.entries(row).map(([event, to]) => ({ from, event, to })),
)

describe('the session', () => {
  it.each(cases)('is "$to" after "$event" when it was "$from"', ({ from, event, to }) => {
    if (!isStateName(from) || !isEventName(event)) throw new Error('The table has a slip.')
    const before: Session<User> = states[from]
    const after = transition<User>(before, events[event])
    if (to === 'same') expect(after).toBe(before)
    else expect(after).toEqual(states[to])
  })

  it.each(['startLogin', 'endLogin'] as const)(
    'says why %s failed until the user acts',
    (operation) => {
      const error = new TokenHandlerError('login_failed', 'refused', { operation })
      const failed: Session<User> = { status: 'error', error }
      expect(transition<User>(failed, { type: 'load-started', isByUser: false })).toBe(failed)
      expect(transition<User>(failed, { type: 'load-started', isByUser: true })).toEqual(
        states.loading,
      )
    },
  )

  it('stays the same object when an answer differs only by the rounding of its seconds', () => {
    const event: SessionEvent<User> = {
      type: 'session-found',
      claims: alice,
      facts: facts(10_500),
    }
    expect(transition<User>(states.alice, event)).toBe(states.alice)
  })

  it('changes when the access token turns out to live longer', () => {
    const event: SessionEvent<User> = {
      type: 'session-found',
      claims: alice,
      facts: facts(20_000),
    }
    expect(transition<User>(states.alice, event)).toEqual(states['alice until 20'])
  })

  it('has no expiry any more when a refresh does not tell one', () => {
    const event: SessionEvent<User> = { type: 'refreshed', accessTokenExpiresAt: undefined }
    expect(transition<User>(states.alice, event)).toEqual({
      status: 'authenticated',
      claims: alice,
      stale: false,
    })
  })

  it('is another one as soon as it is bound to the device, and stays so through a refresh', () => {
    const bound: Session<User> = { ...states.alice, isDeviceBound: true }
    const found: SessionEvent<User> = {
      type: 'session-found',
      claims: alice,
      facts: { ...facts(9_000), isDeviceBound: true },
    }
    expect(transition<User>(states.alice, found)).toEqual(bound)
    expect(transition<User>(bound, found)).toBe(bound)
    expect(transition<User>(bound, events.refreshed)).toMatchObject({ isDeviceBound: true })
  })

  it('keeps its end through a refresh, which does not tell it', () => {
    const ending: Session<User> = { ...states.alice, sessionExpiresAt: 50_000 }
    const found: SessionEvent<User> = {
      type: 'session-found',
      claims: alice,
      facts: facts(9_000, 50_000),
    }
    expect(transition<User>(states.alice, found)).toEqual(ending)
    expect(transition<User>(ending, events.refreshed)).toEqual({
      ...states['alice until 20'],
      sessionExpiresAt: 50_000,
    })
  })
})
