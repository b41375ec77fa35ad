// What this tab remembers of its sign-ins: those under way, and the responses it has already used.
import { hash } from '../hash.ts'
import { isNumber, isObject, isOptional, isString, parseJson } from '../json.ts'
import type { KeyValueStore } from '../platform/platform.ts'

/** A sign-in that has left for the authorization server. */
export interface PendingLogin {
  /** The `state` it will come back with; absent when the authorization URL hides it (PAR, JAR). */
  readonly state?: string | undefined
  /** Whether it will come back as a signed response (JARM); absent when the authorization URL hides that. */
  readonly isSigned?: boolean | undefined
  /** Path, query and hash. */
  readonly returnTo: string
  readonly appState?: unknown
  /** Extra authorization parameters. */
  readonly parameters?: Readonly<Record<string, string>> | undefined
  /** Started in place of one that the agent did not know any more. */
  readonly isRestart?: boolean | undefined
  /** Milliseconds since the epoch. */
  readonly startedAt: number
}

/** The end of a sign-in that nothing has confirmed yet. */
export interface LoginEnding {
  readonly login?: PendingLogin | undefined
  /** Whether the agent has answered: a user is signed in. */
  readonly isAnswered: boolean
  /** Milliseconds since the epoch. */
  readonly startedAt: number
}

/** All of it. */
export interface LoginRecords {
  readonly pending: readonly PendingLogin[]
  /** Fingerprints of authorization responses that were handed to the agent. */
  readonly used: readonly string[]
  /** When sign-ins were started without the user's doing since the last session, in ms. */
  readonly automatic: readonly number[]
  readonly ending?: LoginEnding | undefined
}

/** So long a response may be taken for that of a sign-in, although their states cannot be compared. Milliseconds. */
export const GUESS_MAX_AGE = 30 * 60 * 1000

const MAX_RECORDS = 10
// By then the answer of a login end, and its cookies, have arrived, or never will. Milliseconds.
const ENDING_MAX_AGE = 15_000

/**
 * Identifies an authorization response without keeping it: a 32-bit hash of a query that holds far more entropy gives
 * nothing of the code away.
 */
export const fingerprint = (parameters: URLSearchParams): string => hash(parameters.toString())

/** Whether a sign-in has begun so lately that it may be guessed to come back. */
export const isRecent = ({ startedAt }: Pick<PendingLogin, 'startedAt'>, now: number): boolean =>
  now - startedAt < GUESS_MAX_AGE

/** The login end that may still be under way, or whose cookies have not been seen to work. */
export function findEnding({ ending }: LoginRecords, now: number): LoginEnding | undefined {
  // Of the future: the clock was set back.
  return ending && Math.abs(now - ending.startedAt) < ENDING_MAX_AGE ? ending : undefined
}

/** Adds a sign-in that is about to leave; replaces the one with the same `state`, or with none. */
export function withPendingLogin(records: LoginRecords, login: PendingLogin): LoginRecords {
  const others = records.pending.filter(({ state }) => state !== login.state)
  return { ...records, pending: [...others, login].slice(-MAX_RECORDS) }
}

/** Whatever login was ending, it is no longer of interest. */
export function withoutEnding(records: LoginRecords): LoginRecords {
  return { ...records, ending: undefined }
}

/** Marks a response as used, and its login as ending instead of pending. */
export function withUsedResponse(
  records: LoginRecords,
  response: string,
  login: PendingLogin | undefined,
  now: number,
): LoginRecords {
  return {
    ...records,
    pending: records.pending.filter(({ state }) => !login || state !== login.state),
    used: [...records.used, response].slice(-MAX_RECORDS),
    ending: { login, isAnswered: false, startedAt: now },
  }
}

const isPendingLogin = (value: unknown): value is PendingLogin =>
  isObject(value) &&
  isString(value['returnTo']) &&
  isNumber(value['startedAt']) &&
  isOptional(isString)(value['state'])

const isEnding = (value: unknown): value is LoginEnding =>
  isObject(value) && isNumber(value['startedAt']) && isOptional(isPendingLogin)(value['login'])

const filter = <T>(value: unknown, accepts: (entry: unknown) => entry is T): readonly T[] =>
  Array.isArray(value) ? value.filter(accepts) : []

/** Reads records; what is not understood counts as absent. */
export function parseLoginRecords(json = ''): LoginRecords {
  const value = parseJson(json)
  const { pending, used, automatic, ending } = isObject(value) ? value : {}
  return {
    pending: filter(pending, isPendingLogin),
    used: filter(used, isString),
    automatic: filter(automatic, isNumber),
    ending: isEnding(ending) ? ending : undefined,
  }
}

/** Where the records are kept. */
export interface LoginRecordStore {
  readonly read: () => LoginRecords
  /**
   * Returns whether storage keeps them.
   * @throws {TypeError} when an app state is not JSON
   */
  readonly update: (change: (records: LoginRecords) => LoginRecords) => boolean
}

/** Keeps the records in this tab's storage. */
export function createLoginRecords(storage: KeyValueStore, prefix: string): LoginRecordStore {
  const key = `${prefix}:logins`
  const read = () => parseLoginRecords(storage.get(key))
  return {
    read,
    update(change) {
      const json = JSON.stringify(change(read()))
      storage.set(key, json)
      return storage.get(key) === json
    },
  }
}
