// Connections that die without a word: the store is reached again by itself, and nothing of before stays in the way.
import { describe, expect, it, onTestFinished } from 'vitest'
import { connectRedis } from '../../src/redis/index.ts'
import { noLog } from '../support/no-log.ts'
import { findObstacle, startRedis } from './redis-server.ts'
import { startRelay } from './relay.ts'

const names = ['{a}:refresh:1']
const lock = (owner: string) => ({ owner, lockedFor: 600_000 })

/** Longer than anything here takes on a busy machine, and shorter than a lock. */
const PATIENCE = { timeout: 30_000 }

async function startServer() {
  const server = await startRedis()
  onTestFinished(server.stop)
  return server
}

async function connect(port: number) {
  const store = await connectRedis({ url: `redis://127.0.0.1:${port}`, prefix: 'th:' }, noLog)
  onTestFinished(() => store.close())
  return store
}

describe.skipIf(findObstacle() !== undefined)('the store is reached again', () => {
  it('when the network has lost a connection without ending it', async () => {
    const server = await startServer()
    const relay = await startRelay(server.port)
    onTestFinished(relay.stop)
    const store = await connect(relay.port)
    relay.cut()
    await expect(store.check()).resolves.toContain('not answered in time')
    await expect.poll(() => store.check(), PATIENCE).toBeUndefined()
  }, 60_000)

  it('when its name leads to another server, and the one before has become a replica', async () => {
    const [old, successor] = [await startServer(), await startServer()]
    const relay = await startRelay(old.port)
    onTestFinished(relay.stop)
    const store = await connect(relay.port)
    old.command('replicaof', '127.0.0.1', String(successor.port))
    relay.lead(successor.port)
    const begin = () => store.refreshes.begin(names, lock('a')).catch(() => undefined)
    await expect.poll(begin, PATIENCE).toEqual({ kind: 'acquired' })
    expect(successor.command('exists', `th:${names[0]}:lock`)).toBe('1')
  }, 60_000)

  it('and a lock that a hung server gives when it goes on is released', async () => {
    const server = await startServer()
    const store = await connect(server.port)
    const begin = (owner: string) => store.refreshes.begin(names, lock(owner))
    await expect.poll(() => begin('a')).toEqual({ kind: 'acquired' })
    await store.refreshes.finish(names, 'a', undefined)

    server.signal('SIGSTOP')
    // The last of these is in the server's buffers when the connection is given up.
    const connection = { isGivenUp: false }
    while (!connection.isGivenUp) {
      await expect(begin('a')).rejects.toThrow()
      await store.refreshes.finish(names, 'a', undefined).catch((error: unknown) => {
        connection.isGivenUp = String(error).includes('writeable')
      })
    }
    server.signal('SIGCONT')
    const other = () => begin('b').catch(() => undefined)
    await expect.poll(other, PATIENCE).toEqual({ kind: 'acquired' })
  }, 60_000)
})
