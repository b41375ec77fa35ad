// What this tab remembers of its sign-ins: those under way, and the responses it has already used.
import type { KeyValueStore } from '../platform/platform.ts'

/** A sign-in that has left for the authorization server. */
export interface PendingLogin {
  /** The `state` it will come back with; absent when the authorization URL hides it (PAR, JAR). */
  readonly state?: string
  /** Path, query and hash. */
  readonly returnTo: string
  readonly appState?: unknown
  /** Milliseconds since the epoch. */
  readonly startedAt: number
}

/** All of it. */
export interface LoginRecords {
  readonly pending: readonly PendingLogin[]
  /** Fingerprints of authorization responses that were handed to the agent. */
  readonly used: readonly string[]
}

/** How long a user may take to sign in, in milliseconds. */
export const PENDING_LOGIN_MAX_AGE = 30 * 60 * 1000

const MAX_RECORDS = 10
const noRecords: LoginRecords = { pending: [], used: [] }

/**
 * Identifies an authorization response without keeping it: a 32-bit hash (FNV-1a) of a query that
 * holds far more entropy gives nothing of the code away.
 */
export function fingerprint(parameters: URLSearchParams): string {
  let hash = 0x811c9dc5
  for (const character of parameters.toString()) {
    hash = Math.imul(hash ^ character.charCodeAt(0), 0x01000193)
  }
  return (hash >>> 0).toString(36)
}

/** The pending login that a response with this `state` can belong to. */
export function findPendingLogin(
  { pending }: LoginRecords,
  state: string | undefined,
  now: number,
): PendingLogin | undefined {
  const current = pending.filter(({ startedAt }) => now - startedAt < PENDING_LOGIN_MAX_AGE)
  return (
    current.find((login) => login.state === state) ??
    current.find((login) => login.state === undefined)
  )
}

/** Adds a sign-in that is about to leave; replaces the one with the same `state`, or with none. */
export function withPendingLogin(records: LoginRecords, login: PendingLogin): LoginRecords {
  const others = records.pending.filter(({ state }) => state !== login.state)
  return { ...records, pending: [...others, login].slice(-MAX_RECORDS) }
}

/** Marks a response as used, and its login as no longer pending. */
export function withUsedResponse(
  records: LoginRecords,
  response: string,
  login: PendingLogin | undefined,
): LoginRecords {
  return {
    pending: records.pending.filter((pending) => pending !== login),
    used: [...records.used, response].slice(-MAX_RECORDS),
  }
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null

const isString = (value: unknown): value is string => typeof value === 'string'

const isPendingLogin = (value: unknown): value is PendingLogin =>
  isObject(value) &&
  isString(value['returnTo']) &&
  typeof value['startedAt'] === 'number' &&
  (value['state'] === undefined || isString(value['state']))

/** Reads records; what is not understood counts as absent. */
export function parseLoginRecords(json: string | undefined): LoginRecords {
  if (json === undefined) return noRecords
  try {
    const value: unknown = JSON.parse(json)
    if (!isObject(value)) return noRecords
    const { pending, used } = value
    return {
      pending: Array.isArray(pending) ? pending.filter(isPendingLogin) : [],
      used: Array.isArray(used) ? used.filter(isString) : [],
    }
  } catch {
    return noRecords
  }
}

/** Where the records are kept. */
export interface LoginRecordStore {
  readonly read: () => LoginRecords
  /** @throws {TypeError} when an app state is not JSON */
  readonly write: (records: LoginRecords) => void
}

/** Keeps the records in this tab's storage. */
export function createLoginRecords(storage: KeyValueStore, prefix: string): LoginRecordStore {
  const key = `${prefix}:logins`
  return {
    read: () => parseLoginRecords(storage.get(key)),
    write: (records) => storage.set(key, JSON.stringify(records)),
  }
}
