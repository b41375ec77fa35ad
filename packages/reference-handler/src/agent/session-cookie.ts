// The session cookie: who is signed in, and the refresh token that keeps it so.
import type { SessionResult } from '@token-handler/contract'
import * as z from 'zod'
import type { Sealer } from '../sealing/sealer.ts'

const sessionSchema = z.object({
  refreshToken: z.string().min(1).optional(),
  claims: z.record(z.string(), z.unknown()).optional(),
  issuedAt: z.number(),
  accessTokenExpiresAt: z.number().optional(),
})

/** Content of the session cookie. Instants are milliseconds since the epoch. */
export interface Session {
  readonly refreshToken?: string | undefined
  /** Of the ID token. */
  readonly claims?: Readonly<Record<string, unknown>> | undefined
  /** When the tokens were issued. */
  readonly issuedAt: number
  readonly accessTokenExpiresAt?: number | undefined
}

/** Resolves with the value of the session cookie. */
export function sealSession(sealer: Sealer, session: Session): Promise<string> {
  return sealer.seal('session', session)
}

/** Resolves with the session, or `undefined` when there is no cookie or it is not one of ours. */
export async function openSession(
  sealer: Sealer,
  value: string | undefined,
): Promise<Session | undefined> {
  if (value === undefined) return undefined
  return sessionSchema.safeParse(await sealer.open('session', value)).data
}

/** Whether the session can still be used: by its refresh token, or else by its access token. */
export function isAlive(session: Session, now: number): boolean {
  const { refreshToken, accessTokenExpiresAt = Infinity } = session
  return refreshToken !== undefined || accessTokenExpiresAt > now
}

/** What the SPA is told of a session. */
export function describeSession(session: Session, now: number): SessionResult {
  return {
    isLoggedIn: true,
    ...(session.claims && { claims: session.claims }),
    ...describeExpiry(session.accessTokenExpiresAt, now),
  }
}

/** What the SPA is told of the access token: whole seconds that remain, when that is known. */
export function describeExpiry(
  expiresAt: number | undefined,
  now: number,
): { readonly accessTokenExpiresIn?: number } {
  if (expiresAt === undefined) return {}
  return { accessTokenExpiresIn: Math.max(0, Math.floor((expiresAt - now) / 1000)) }
}
