// Sealed sessions in Redis: one key each, which ends by itself.
import type { SessionStore } from '../store/session-store.ts'
import type { Connection } from './connection.ts'
import { read, retire } from './scripts.ts'

/** Creates the store. */
export function createSessionStore(connection: Connection, prefix: string): SessionStore {
  return {
    async put(name, sealed, keptFor) {
      await connection.call('put', (client) => client.set(prefix + name, sealed, 'PX', keptFor))
    },
    async get(name, keptFor = 0) {
      const found = await connection.run(read, [prefix + name], [keptFor])
      return typeof found === 'string' ? found : undefined
    },
    async retire(name, keptFor) {
      await connection.run(retire, [prefix + name], [keptFor])
    },
  }
}
