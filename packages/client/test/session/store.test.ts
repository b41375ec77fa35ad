// Snapshots and events of the store.
import { describe, expect, it, vi } from 'vitest'
import { TokenHandlerError } from '../../src/errors.ts'
import { createSessionStore } from '../../src/session/store.ts'

const found = {
  type: 'session-found',
  claims: { sub: 'alice' },
  accessTokenExpiresAt: undefined,
} as const

describe('the session store', () => {
  it('tells subscribers about a change once, and nothing when nothing changed', () => {
    const store = createSessionStore()
    const listener = vi.fn()
    store.subscribe(listener)
    store.dispatch(found)
    const snapshot = store.getSnapshot()
    store.dispatch(found)
    expect(listener).toHaveBeenCalledTimes(1)
    expect(store.getSnapshot()).toBe(snapshot)
  })

  it('keeps a listener that subscribed twice until both are unsubscribed', () => {
    const store = createSessionStore()
    const listener = vi.fn()
    const unsubscribe = store.subscribe(listener)
    store.subscribe(listener)
    unsubscribe()
    unsubscribe()
    store.dispatch(found)
    expect(listener).toHaveBeenCalledTimes(1)
  })

  it('announces the beginning of a session once, with its claims', () => {
    const store = createSessionStore()
    const listener = vi.fn()
    store.on('sessionStarted', listener)
    store.dispatch(found)
    store.dispatch({ ...found, claims: { sub: 'bob' } })
    expect(listener.mock.calls).toEqual([[{ claims: { sub: 'alice' } }]])
  })

  it('announces an expiry only for a session that was there', () => {
    const store = createSessionStore()
    const listener = vi.fn()
    store.on('sessionExpired', listener)
    store.dispatch({ type: 'session-missing' })
    expect(listener).not.toHaveBeenCalled()
    store.dispatch(found)
    store.dispatch({ type: 'session-missing' })
    store.dispatch({ type: 'session-missing' })
    expect(listener).toHaveBeenCalledTimes(1)
  })

  it('announces a sign-out when the snapshot already says so', () => {
    const store = createSessionStore()
    const seen: string[] = []
    store.on('signedOut', () => seen.push(store.getSnapshot().status))
    store.dispatch(found)
    store.dispatch({ type: 'signed-out' })
    expect(seen).toEqual(['unauthenticated'])
  })

  it('announces every error, also when the state stays as it is', () => {
    const store = createSessionStore()
    const listener = vi.fn()
    store.on('error', listener)
    const error = new TokenHandlerError('agent_unreachable', 'down')
    store.dispatch(found)
    store.dispatch({ type: 'failed', error })
    store.dispatch({ type: 'failed', error })
    expect(listener.mock.calls).toEqual([[{ error }], [{ error }]])
  })

  it('announces no refresh of a session that has ended meanwhile', () => {
    const store = createSessionStore()
    const listener = vi.fn()
    store.on('refreshed', listener)
    store.dispatch({ type: 'signed-out' })
    store.dispatch({ type: 'refreshed', accessTokenExpiresAt: 1 })
    expect(listener).not.toHaveBeenCalled()
    expect(store.getSnapshot().status).toBe('unauthenticated')
  })

  it('serves every listener although one throws, and reports the error to the console', () => {
    const reported: (() => void)[] = []
    vi.stubGlobal('queueMicrotask', (task: () => void) => reported.push(task))
    const store = createSessionStore()
    const last = vi.fn()
    store.subscribe(() => {
      throw new Error('the listener is broken')
    })
    store.subscribe(last)
    store.dispatch(found)
    vi.unstubAllGlobals()
    expect(last).toHaveBeenCalledTimes(1)
    expect(reported).toHaveLength(1)
    expect(reported[0]).toThrow('the listener is broken')
  })
})
