// The session cookie: who is signed in, and the refresh token that keeps it so.
import { cookieName } from '@token-handler/contract'
import type { SessionResult } from '@token-handler/contract'
import type { Configuration } from '../configuration/schema.ts'
import { readIdToken } from '../oauth-client/id-token-claims.ts'
import type { Sealer } from '../sealing/sealer.ts'
import { anyObject, number, objectOf, someText, text } from '../shape.ts'
import type { Reader } from '../shape.ts'

/** The content as it was sealed. */
export const readSession: Reader<SessionContent> = objectOf(
  { startedAt: number, issuedAt: number },
  {
    refreshToken: someText,
    claims: anyObject,
    idToken: text,
    accessTokenExpiresAt: number,
    endsAt: number,
    domain: text,
    deviceKey: someText,
    dpopKey: text,
  },
)

/** Content of the session cookie. Instants are milliseconds since the epoch. */
export interface SessionContent {
  readonly refreshToken?: string | undefined
  /** Of the ID token. */
  readonly claims?: Readonly<Record<string, unknown>> | undefined
  /** Kept only for `id_token_hint`; the claims are read from it then. */
  readonly idToken?: string | undefined
  /** When the user signed in. */
  readonly startedAt: number
  /** When the tokens were issued. */
  readonly issuedAt: number
  readonly accessTokenExpiresAt?: number | undefined
  /** When the session ends, whatever the user does. */
  readonly endsAt?: number | undefined
  /** The `cookies.domain` with which it was issued, if there was one. */
  readonly domain?: string | undefined
  /** The public key of the device that the session is bound to; see `device-binding/device-key.ts`. */
  readonly deviceKey?: string | undefined
  /** Thumbprint of the key that its tokens are bound to, if they are. */
  readonly dpopKey?: string | undefined
}

/** Resolves with the value of the session cookie. Every byte counts there, so no claim is in it twice. */
export function sealSession(sealer: Sealer, session: SessionContent): Promise<string> {
  const { claims: _, ...rest } = session
  return sealer.seal('session', session.idToken === undefined ? session : rest)
}

/** Resolves with the session, or `undefined` when there is no cookie or it is not one of ours. */
export async function openSession(
  sealer: Sealer,
  value: string | undefined,
): Promise<SessionContent | undefined> {
  if (value === undefined) return undefined
  const session = readSession(await sealer.open('session', value))
  if (session?.idToken === undefined) return session
  return { ...session, claims: readIdToken(session.idToken) }
}

/**
 * Resolves with the session that is in use. A browser may still have one of an earlier `cookies.domain`, beside
 * the one of today, and keep it when that one goes.
 */
export async function openCurrentSession(
  { configuration, sealer }: { readonly configuration: Configuration; readonly sealer: Sealer },
  cookies: ReadonlyMap<string, string>,
): Promise<SessionContent | undefined> {
  const { domain, prefix } = configuration.cookies
  const session = await openSession(sealer, cookies.get(cookieName(prefix, 'session')))
  return session?.domain === undefined || session.domain === domain ? session : undefined
}

/** Whether the session can still be used: by its refresh token, or else by its access token. */
export function isAlive(session: SessionContent, now: number): boolean {
  const { refreshToken, accessTokenExpiresAt = Infinity } = session
  return !hasEnded(session, now) && (refreshToken !== undefined || accessTokenExpiresAt > now)
}

/** Whether the session has reached its end, whatever its tokens are still good for. */
export function hasEnded({ endsAt = Infinity }: SessionContent, now: number): boolean {
  return endsAt <= now
}

/** What the SPA is told of a session. */
export function describeSession(session: SessionContent, now: number): SessionResult {
  return {
    isLoggedIn: true,
    ...(session.claims && { claims: session.claims }),
    ...describeExpiry(session.accessTokenExpiresAt, now),
    ...(session.endsAt !== undefined && { sessionExpiresIn: remaining(session.endsAt, now) }),
  }
}

/** What the SPA is told of the access token: whole seconds that remain, when that is known. */
export function describeExpiry(
  expiresAt: number | undefined,
  now: number,
): { readonly accessTokenExpiresIn?: number } {
  if (expiresAt === undefined) return {}
  return { accessTokenExpiresIn: remaining(expiresAt, now) }
}

/** Whole seconds until an instant. */
export function remaining(instant: number, now: number): number {
  return Math.max(0, Math.floor((instant - now) / 1000))
}
