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

/**
 * Looks a user up.
 *
 * @throws {Error} naming the users there are, when this is none of them
 */
export function findUser<U extends MockUsers>(users: U, user: UserName<U>): MockUser<U> {
  const found = users[user]
  if (found === undefined) {
    const names = Object.keys(users).join(', ')
    throw new Error(`There is no user "${user}". The mock agent has: ${names}.`)
  }
  return { user, claims: found.claims }
}
