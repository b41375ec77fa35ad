// Snapshots and events of the store.
import { describe, expect, it, vi } from 'vitest'
import { TokenHandlerError } from '../../src/errors.ts'
import { createLastUser } from '../../src/session/last-user.ts'
import { createSessionStore } from '../../src/session/store.ts'
import { createTracer } from '../../src/trace.ts'
import { createFakeTab } from '../support/fake-platform.ts'

/** On a new page of a browser; by default one that knows nobody yet. */
function createStore({ platform } = createFakeTab(fetch)) {
  const lastUser = createLastUser(platform, 'lastUser')
  return createSessionStore<{ readonly name: string }>(
    createTracer('tab', () => 0),
    lastUser,
  )
}

const find = (sub: string) =>
  ({
    type: 'session-found',
    claims: { name: sub },
    facts: { claims: { sub }, accessTokenExpiresAt: undefined, sessionExpiresAt: undefined },
  }) as const

const found = find('alice')

describe('the session store', () => {
  it('tells subscribers about a change once, and nothing when nothing changed', () => {
    const store = createStore()
    const listener = vi.fn()
    store.subscribe(listener)
    store.dispatch(found)
    const snapshot = store.getSnapshot()
    store.dispatch(found)
    expect(listener).toHaveBeenCalledTimes(1)
    expect(store.getSnapshot()).toBe(snapshot)
  })

  it('keeps a listener that subscribed twice until both are unsubscribed', () => {
    const store = createStore()
    const listener = vi.fn()
    const unsubscribe = store.subscribe(listener)
    store.subscribe(listener)
    unsubscribe()
    unsubscribe()
    store.dispatch(found)
    expect(listener).toHaveBeenCalledTimes(1)
  })

  it('announces the beginning of a session once, with its claims', () => {
    const store = createStore()
    const listener = vi.fn()
    store.on('sessionStarted', listener)
    store.dispatch(found)
    store.dispatch(find('bob'))
    expect(listener.mock.calls).toEqual([[{ claims: { name: 'alice' } }]])
  })

  it('announces an expiry only for a session that was there', () => {
    const store = createStore()
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
    const store = createStore()
    const seen: string[] = []
    store.on('signedOut', () => seen.push(store.getSnapshot().status))
    store.dispatch(found)
    store.dispatch({ type: 'signed-out', origin: 'this-tab' })
    expect(seen).toEqual(['unauthenticated'])
  })

  it('says where a user signed out', () => {
    const store = createStore()
    const listener = vi.fn()
    store.on('signedOut', listener)
    store.dispatch(found)
    store.dispatch({ type: 'signed-out', origin: 'other-tab' })
    store.dispatch(found)
    store.dispatch({ type: 'signed-out', origin: 'this-tab' })
    expect(listener.mock.calls).toEqual([[{ origin: 'other-tab' }], [{ origin: 'this-tab' }]])
  })

  it('announces another user while the last one is still on show, so that caches go first', () => {
    const store = createStore()
    const seen: unknown[] = []
    store.on('userChanged', (users) => seen.push(users, store.getSnapshot()))
    store.dispatch(found)
    const before = store.getSnapshot()
    store.dispatch(found)
    expect(seen).toEqual([])
    store.dispatch(find('bob'))
    expect(seen).toEqual([{ previous: { name: 'alice' }, current: { name: 'bob' } }, before])
    expect(store.getSnapshot()).toMatchObject({ claims: { name: 'bob' } })
  })

  it('announces another user also after a session that expired, whose data may still be there', () => {
    const store = createStore()
    const listener = vi.fn()
    store.on('userChanged', listener)
    store.dispatch(found)
    store.dispatch({ type: 'session-missing' })
    store.dispatch(find('bob'))
    expect(listener).toHaveBeenCalledTimes(1)
  })

  it('announces another user than the last one of an earlier page, before they can be seen', () => {
    const tab = createFakeTab(fetch)
    createStore(tab).dispatch(found)
    const [same, other] = [createStore(tab), createStore(tab)]
    const seen: unknown[] = []
    same.on('userChanged', (users) => seen.push(users))
    same.dispatch(found)
    expect(seen).toEqual([])
    other.on('userChanged', (users) => seen.push(users, other.getSnapshot().status))
    other.dispatch(find('bob'))
    other.dispatch(find('bob'))
    expect(seen).toEqual([{ previous: undefined, current: { name: 'bob' } }, 'loading'])
  })

  it('announces another user to both copies of the SDK on a page', () => {
    const tab = createFakeTab(fetch)
    createStore(tab).dispatch(found)
    const listener = vi.fn()
    for (const copy of [createStore(tab), createStore(tab)]) {
      copy.on('userChanged', listener)
      copy.dispatch(found)
    }
    expect(listener).not.toHaveBeenCalled()
    const copies = [createStore(tab), createStore(tab)]
    for (const copy of copies) copy.on('userChanged', listener)
    for (const copy of copies) copy.dispatch(find('bob'))
    expect(listener).toHaveBeenCalledTimes(2)
  })

  it('hands out snapshots that nobody can change for the others', () => {
    const store = createStore()
    const sessions = [store.getSnapshot()]
    store.subscribe(() => sessions.push(store.getSnapshot()))
    store.dispatch(found)
    store.dispatch({ type: 'failed', error: new TokenHandlerError('agent_unreachable', 'down') })
    store.dispatch({ type: 'signed-out', origin: 'this-tab' })
    expect(sessions.map(({ status }) => status)).toEqual([
      'loading',
      'authenticated',
      'authenticated',
      'unauthenticated',
    ])
    for (const session of sessions) expect(Object.isFrozen(session)).toBe(true)
  })

  it('announces every error, also when the state stays as it is', () => {
    const store = createStore()
    const listener = vi.fn()
    store.on('error', listener)
    const error = new TokenHandlerError('agent_unreachable', 'down')
    store.dispatch(found)
    store.dispatch({ type: 'failed', error })
    store.dispatch({ type: 'failed', error })
    expect(listener.mock.calls).toEqual([[{ error }], [{ error }]])
  })

  it('announces no refresh of a session that has ended meanwhile', () => {
    const store = createStore()
    const listener = vi.fn()
    store.on('refreshed', listener)
    store.dispatch({ type: 'signed-out', origin: 'this-tab' })
    store.dispatch({ type: 'refreshed', accessTokenExpiresAt: 1 })
    expect(listener).not.toHaveBeenCalled()
    expect(store.getSnapshot().status).toBe('unauthenticated')
  })

  it('serves every listener although one throws, and reports the error to the console', () => {
    const reported: (() => void)[] = []
    vi.stubGlobal('queueMicrotask', (task: () => void) => reported.push(task))
    const store = createStore()
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
