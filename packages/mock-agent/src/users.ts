// The users of a mock: their names and the claims of their ID tokens, as types.
import type { Claims } from '@token-handler/contract'

/** Who can sign in, by name. */
export type MockUsers = Readonly<Record<string, { readonly claims: Claims }>>

/** The name of one of the users. */
export type UserName<U extends MockUsers> = Extract<keyof U, string>

/** The claims of one of the users. */
export type UserClaims<U extends MockUsers> = U[UserName<U>]['claims']

/** A user with everything an ID token would say. */
export interface MockUser<U extends MockUsers = MockUsers> {
  readonly user: UserName<U>
  readonly claims: UserClaims<U>
}
