// What a session is recognised by when it is ended from elsewhere: hashes of its user and of its session there.
import { encodeBase64url } from '../base64url.ts'

/** What of a session can be ended from elsewhere. */
export interface SessionMarks {
  /** When the user signed in: milliseconds since the epoch. Only what was signed in before an ending is ended. */
  readonly startedAt: number
  /** Of the user, and of the session at the authorization server. */
  readonly marks: readonly string[]
}

/** Bytes of a mark: enough that no two are alike, and few, because marks are part of a cookie. */
const MARK_BYTES = 12

/** Each request of a session asks for its marks, more than once. */
const known = new Map<string, Promise<string>>()
const MAX_KNOWN = 5000

function mark(kind: 'sub' | 'sid' | 'own', value: unknown): Promise<string> {
  const text = JSON.stringify([kind, value])
  const found = known.get(text) ?? hash(text)
  if (known.size >= MAX_KNOWN) known.clear()
  known.set(text, found)
  return found
}

async function hash(text: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text))
  return encodeBase64url(new Uint8Array(digest).subarray(0, MARK_BYTES))
}

/** The mark of all sessions of a user. */
export const markOfUser = (sub: string): Promise<string> => mark('sub', sub)

/** The mark of a session at the authorization server. */
export const markOfSession = (sid: string): Promise<string> => mark('sid', sid)

/** The mark of one session alone: by its `sid`, or else by who signed in and when. */
export function markOfItself(
  claims: Readonly<Record<string, unknown>> | undefined,
  startedAt: number,
): Promise<string> {
  const sid = claims?.['sid']
  return typeof sid === 'string' ? markOfSession(sid) : mark('own', [claims?.['sub'], startedAt])
}

/** All marks of a session. */
export async function marksOf(session: {
  readonly startedAt: number
  readonly claims?: Readonly<Record<string, unknown>> | undefined
}): Promise<SessionMarks> {
  const { startedAt, claims } = session
  const sub = claims?.['sub']
  const marks = [
    markOfItself(claims, startedAt),
    ...(typeof sub === 'string' ? [markOfUser(sub)] : []),
  ]
  return { startedAt, marks: await Promise.all(marks) }
}
