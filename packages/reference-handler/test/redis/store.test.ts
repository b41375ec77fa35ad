// The store over a real Redis: each step does what its port promises, and every call has its end.
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest'
import { connectRedis } from '../../src/redis/index.ts'
import type { SharedStore } from '../../src/redis/index.ts'
import { noLog } from '../support/no-log.ts'
import { createMemoryStore } from '../support/memory-store.ts'
import { findObstacle, startRedis } from './redis-server.ts'
import type { RedisServer } from './redis-server.ts'

const obstacle = findObstacle()

const settings = (url: string) => ({ url, prefix: 'th:' })

/** Commands of a hung server end after a second; a slow machine needs a little longer. */
const SOON = 3000

describe.skipIf(obstacle !== undefined)('the store over Redis', () => {
  let redis: RedisServer
  let store: SharedStore
  beforeAll(async () => {
    redis = await startRedis()
    store = await connectRedis(settings(redis.url), noLog)
    // A server that has just started may have held locks before.
    const wish = { owner: 'a', lockedFor: 1 }
    const begin = () => store.refreshes.begin(['{a}:b'], wish)
    await vi.waitFor(async () => expect(await begin()).toEqual({ kind: 'acquired' }), 5000)
  })
  afterAll(async () => {
    await store.close()
    await redis.stop()
  })

  const stores = [
    ['in memory', () => createMemoryStore(Date.now)],
    ['over Redis', () => store],
  ] as const

  describe.each(stores)('%s', (_, find) => {
    let count = 0
    /** Names of a refresh token that no other test has. */
    const newNames = () => [1, 2].map((secret) => `{ab}:refresh:${++count}-${secret}`)
    const lock = (owner: string) => ({ owner, lockedFor: 5000 })
    const result = { kind: 'result', value: 'sealed', keptFor: 5000 } as const

    it('gives the lock to one owner, under any of its names, until that one is done', async () => {
      const { refreshes } = find()
      const names = newNames()
      expect(await refreshes.begin(names, lock('a'))).toEqual({ kind: 'acquired' })
      expect(await refreshes.begin(names.slice(1), lock('b'))).toEqual({
        kind: 'locked',
        owner: 'a',
      })
      await refreshes.finish(names, 'b', undefined)
      expect(await refreshes.begin(names, lock('b'))).toEqual({ kind: 'locked', owner: 'a' })
      await refreshes.finish(names, 'a', undefined)
      expect(await refreshes.begin(names.slice(0, 1), lock('b'))).toEqual({ kind: 'acquired' })
    })

    it('keeps a result for all, and gives the lock to who has seen it and needs another', async () => {
      const { refreshes } = find()
      const names = newNames()
      await refreshes.begin(names, lock('a'))
      expect(await refreshes.finish(names, 'a', result)).toBe(false)
      expect(await refreshes.begin(names, lock('b'))).toEqual({ kind: 'result', value: 'sealed' })
      const wish = { ...lock('b'), stale: 'sealed' }
      expect(await refreshes.begin(names, wish)).toEqual({ kind: 'acquired' })
    })

    it('tells a failure to those who wait for its owner, and to nobody else', async () => {
      const { refreshes } = find()
      const names = newNames()
      await refreshes.begin(names, lock('a'))
      await refreshes.finish(names, 'a', { kind: 'failure', value: 'why', keptFor: 2000 })
      const waiting = { ...lock('b'), awaited: 'a' }
      expect(await refreshes.begin(names, waiting)).toEqual({ kind: 'failure', value: 'why' })
      expect(await refreshes.begin(names, lock('c'))).toEqual({ kind: 'acquired' })
    })

    it('ends a session during its refresh: what that brings is for revoking only', async () => {
      const { refreshes } = find()
      const names = newNames()
      await refreshes.begin(names, lock('a'))
      expect(await refreshes.end(names, 5000)).toEqual({ isLocked: true, value: undefined })
      expect(await refreshes.finish(names, 'a', result)).toBe(true)
      expect(await refreshes.begin(names, lock('b'))).toEqual({ kind: 'ended' })
      expect(await refreshes.end(names, 5000)).toEqual({ isLocked: false, value: 'sealed' })
    })

    it('extends the lock of its owner only, and gives it back where it was lost', async () => {
      const { refreshes } = find()
      const names = newNames()
      await refreshes.extend(names, 'a', 5000)
      await refreshes.extend(names, 'b', 5000)
      expect(await refreshes.begin(names, lock('b'))).toEqual({ kind: 'locked', owner: 'a' })
    })

    it('replaces no result by that of one who has lost the lock', async () => {
      const { refreshes } = find()
      const names = newNames()
      await refreshes.begin(names, lock('a'))
      await refreshes.finish(names, 'a', result)
      await refreshes.finish(names, 'late', { ...result, value: 'other' })
      expect(await refreshes.begin(names, lock('b'))).toEqual({ kind: 'result', value: 'sealed' })
    })
  })

  it('keeps a session while it is read, and not once it is retired', async () => {
    const { sessions } = store
    const name = '{ab}:session:1'
    await sessions.put(name, 'sealed', 1000)
    expect(await sessions.get(name, 60_000)).toBe('sealed')
    expect(Number(redis.command('pttl', `th:${name}`))).toBeGreaterThan(50_000)
    await sessions.retire(name, 20_000)
    expect(await sessions.get(name, 60_000)).toBe('sealed')
    expect(Number(redis.command('pttl', `th:${name}`))).toBeLessThanOrEqual(20_000)
    await sessions.retire(name, 0)
    expect(await sessions.get(name)).toBeUndefined()
  })

  it('tells every instance of an ending within a second, those too that start later', async () => {
    const other = await connectRedis(settings(redis.url), noLog)
    onTestFinished(() => other.close())
    const heard: string[] = []
    onTestFinished(other.endings.follow((entry) => heard.push(entry)))
    const start = Date.now()
    await store.endings.publish('sealed', ['{ab}:ended:1'], 1234, 60_000)
    await expect.poll(() => heard, { interval: 10 }).toEqual(['sealed'])
    expect(Date.now() - start).toBeLessThan(SOON)
    expect(await other.endings.find(['{ab}:ended:1', '{ab}:ended:2'])).toBe(1234)
    const later: string[] = []
    const third = await connectRedis(settings(redis.url), noLog)
    onTestFinished(() => third.close())
    third.endings.follow((entry) => later.push(entry))
    await expect.poll(() => later).toEqual(['sealed'])
    expect(await other.endings.once(['{ab}:once:1'], 60_000)).toBe(true)
    expect(await third.endings.once(['{ab}:once:1'], 60_000)).toBe(false)
  })

  it('counts requests for all instances: a burst of the whole allowance, then evenly', async () => {
    const other = await connectRedis(settings(redis.url), noLog)
    onTestFinished(() => other.close())
    for (const { rates } of [store, other, store]) expect(await rates.take('rate', 3)).toBe(0)
    const wait = await other.rates.take('rate', 3)
    expect(wait).toBeGreaterThan(15_000)
    expect(wait).toBeLessThanOrEqual(20_000)
  })

  it('gives up on a server that hangs, and goes on by itself when it does', async () => {
    const own = await startRedis()
    onTestFinished(own.stop)
    const hanging = await connectRedis(settings(own.url), noLog)
    onTestFinished(() => hanging.close())
    const begin = () => hanging.refreshes.begin(['{a}:b'], { owner: 'a', lockedFor: 5000 })
    await expect.poll(begin).toEqual({ kind: 'acquired' })
    own.signal('SIGSTOP')
    const start = Date.now()
    await expect(begin()).rejects.toThrow()
    expect(Date.now() - start).toBeLessThan(SOON)
    expect(await hanging.check()).toContain('not answered in time')
    own.signal('SIGCONT')
    await expect.poll(() => hanging.check()).toBeUndefined()
  })

  it('fails at once while the server is away, and gives no lock for a second after it came back with nothing', async () => {
    const own = await startRedis()
    onTestFinished(own.stop)
    const store = await connectRedis(settings(own.url), noLog)
    onTestFinished(() => store.close())
    let emptied = 0
    store.refreshes.onEmptied?.(() => (emptied += 1))
    const begin = () => store.refreshes.begin(['{a}:b'], { owner: 'a', lockedFor: 5000 })
    await expect.poll(begin).toEqual({ kind: 'acquired' })
    // A server younger than two seconds counts as emptied at the first look, which this test may or may not hear.
    emptied = 0
    await own.kill()
    await expect.poll(() => store.check()).toBeDefined()
    await expect(begin()).rejects.toThrow()
    await own.start()
    await expect.poll(() => store.check(), { interval: 5 }).toBeUndefined()
    const back = Date.now()
    expect(await begin()).toEqual({ kind: 'locked', owner: '' })
    await expect.poll(begin).toEqual({ kind: 'acquired' })
    expect(Date.now() - back).toBeGreaterThan(800)
    expect(emptied).toBeGreaterThanOrEqual(1)
  })
})

describe.skipIf(obstacle !== undefined)('a store that cannot be used stops the start', () => {
  it.each([
    ['nobody is there', () => 'redis://127.0.0.1:1', 'connection refused'],
    ['the password is wrong', (url: string) => url.replace('//', '//:wrong@'), 'redis.password'],
    ['there is no password', (url: string) => url, 'wants a password'],
    ['the host is not known', () => 'redis://redis.invalid:6379', 'not known'],
  ])('%s', async (_, change, message) => {
    const redis = await startRedis('--requirepass the-password')
    onTestFinished(redis.stop)
    const connecting = connectRedis(settings(change(redis.url)), noLog)
    await expect(connecting).rejects.toMatchObject({
      name: 'ConfigurationError',
      message: expect.stringMatching(
        new RegExp(String.raw`redis\.url \(TOKEN_HANDLER_REDIS_URL\).*${message}`),
      ),
    })
    await expect(connecting).rejects.not.toThrow(/wrong@/)
  })

  it('takes the password of its own setting', async () => {
    const redis = await startRedis('--requirepass the-password')
    onTestFinished(redis.stop)
    const store = await connectRedis({ ...settings(redis.url), password: 'the-password' }, noLog)
    expect(await store.check()).toBeUndefined()
    await store.close()
  })
})
