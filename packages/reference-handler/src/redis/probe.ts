// Doing at the start what will have to be done later: a server that cannot take it is known before the first user comes.
import type { RedisPlace } from '../configuration/redis-url.ts'
import type { Connection } from './connection.ts'
import { streamOf } from './endings.ts'
import { take } from './scripts.ts'

/**
 * Reads, writes and runs a script.
 *
 * @throws {Error} what the server says to it; or that a node of a cluster is taken for a server of its own, which
 *   would fail with most keys only
 */
export async function probe(
  connection: Connection,
  kind: RedisPlace['kind'],
  prefix: string,
): Promise<void> {
  await connection.call('ping', (client) => client.ping())
  if (kind !== 'cluster') {
    // Who may not ask that has a server that works all the same.
    const text = await connection.call('info', (client) => client.info('server')).catch(() => '')
    if (/^redis_mode:cluster/m.test(text)) throw new Error('MOVED')
  }
  await connection.run(take, [`${prefix}probe`], [1, 1])
  await connection.call('follow', (client) =>
    client.xread('COUNT', 1, 'STREAMS', streamOf(prefix), '0-0'),
  )
}
