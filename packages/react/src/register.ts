// How the type of an app's claims reaches hooks that take no arguments.
import type { Claims, Session as SessionWith, TokenHandlerClient } from '@token-handler/client'

/**
 * Declares which client the hooks use, once, so that claims are typed everywhere. The provider
 * then accepts only that client, which is what makes the types true.
 *
 * @example
 * ```ts
 * declare module '@token-handler/react' {
 *   interface Register {
 *     client: typeof tokenHandler
 *   }
 * }
 * ```
 */
export interface Register {}

/** The claims of the client that a register names; without one, claims are unknown values. */
export type ClaimsOf<R> = R extends { client: TokenHandlerClient<infer C> } ? C : Claims

type SessionOf<R> = SessionWith<ClaimsOf<R>>

/** The claims of the app's client. */
export type RegisteredClaims = ClaimsOf<Register>

/** The app's client. */
export type RegisteredClient = TokenHandlerClient<RegisteredClaims>

/** The session of the app's client. */
export type Session = SessionOf<Register>

/** The session of a signed-in user. */
export type AuthenticatedSession = Extract<Session, { readonly status: 'authenticated' }>
