// Noticing that a server has come back with nothing: locks that were held are gone then, and nobody would know.
import type { Cluster, Redis } from 'ioredis'
import type { Connection } from './connection.ts'

/**
 * Milliseconds without new locks after a server came back: longer than the time between two heartbeats, which take
 * the locks again that are still held.
 */
const SETTLING_TIME = 1000

/** A server that has run for fewer seconds than this may have held locks before that. */
const YOUNG = 2

/** What is known about the server's memory. */
export interface Continuity {
  /** Whether locks can be trusted now. */
  readonly mayLock: () => boolean
  /** Calls back when the server may have lost everything. */
  readonly onEmptied: (listener: () => void) => void
  /** Stops waiting. */
  readonly stop: () => void
}

/** Watches a connection. A cluster is not watched: there, a node that comes back asks the others. */
export function watchContinuity(connection: Connection, isCluster: boolean): Continuity {
  const listeners: (() => void)[] = []
  let isTrusted = isCluster
  let knownRun: string | undefined
  let timer: NodeJS.Timeout | undefined

  async function look(): Promise<void> {
    const { run, seconds } = await connection.call('info', readServer).catch(() => ({
      run: undefined,
      seconds: 0,
    }))
    const isSame = run !== undefined && run === knownRun
    const isOld = knownRun === undefined && seconds >= YOUNG
    knownRun = run ?? knownRun
    if (isSame || isOld) return void (isTrusted = true)
    for (const listener of listeners) listener()
    clearTimeout(timer)
    timer = setTimeout(() => (isTrusted = true), SETTLING_TIME).unref()
  }

  if (!isCluster) {
    connection.onLost(() => {
      isTrusted = false
      clearTimeout(timer)
    })
    connection.onReady(() => void look())
  }
  return {
    mayLock: () => isTrusted,
    onEmptied: (listener) => void listeners.push(listener),
    stop: () => clearTimeout(timer),
  }
}

async function readServer(client: Redis | Cluster) {
  const text = await client.info('server')
  return {
    run: /^run_id:(\w+)/m.exec(text)?.[1],
    seconds: Number(/^uptime_in_seconds:(\d+)/m.exec(text)?.[1] ?? 0),
  }
}
