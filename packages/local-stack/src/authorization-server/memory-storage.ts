// What the authorization server remembers, kept in memory.
import { LRUCache } from 'lru-cache'
import type { Adapter, AdapterFactory, AdapterPayload } from 'oidc-provider'

/** The storage of one authorization server. */
export interface MemoryStorage {
  readonly adapter: AdapterFactory
  /** Forgets every session, grant, authorization code and refresh token. */
  readonly endSessions: () => void
  /** Forgets every access token. JWTs stay valid for APIs that do not introspect them. */
  readonly expireAccessTokens: () => void
}

const sessionModels = ['Session', 'Grant', 'AuthorizationCode', 'RefreshToken']

const MAX_ENTRIES = 10_000

type Entries = LRUCache<string, AdapterPayload>

function createAdapter(entries: Entries): Adapter {
  return {
    async upsert(id, payload, expiresIn) {
      entries.set(id, payload, expiresIn === undefined ? {} : { ttl: expiresIn * 1000 })
    },
    async find(id) {
      return entries.get(id)
    },
    async findByUid(uid) {
      return [...entries.values()].find((payload) => payload.uid === uid)
    },
    async findByUserCode(userCode) {
      return [...entries.values()].find((payload) => payload.userCode === userCode)
    },
    async consume(id) {
      const payload = entries.get(id)
      if (payload !== undefined) payload.consumed = Math.floor(Date.now() / 1000)
    },
    async destroy(id) {
      entries.delete(id)
    },
    async revokeByGrantId(grantId) {
      const revoked = [...entries.entries()].filter(([, payload]) => payload.grantId === grantId)
      for (const [id] of revoked) entries.delete(id)
    },
  }
}

/** Creates storage that nothing else shares. */
export function createMemoryStorage(): MemoryStorage {
  const models = new Map<string, Entries>()
  return {
    adapter(model) {
      const entries: Entries = new LRUCache({ max: MAX_ENTRIES })
      models.set(model, entries)
      return createAdapter(entries)
    },
    expireAccessTokens() {
      models.get('AccessToken')?.clear()
    },
    endSessions() {
      for (const model of sessionModels) models.get(model)?.clear()
    },
  }
}
