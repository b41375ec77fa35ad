// The people who can sign in to the local stack.

/** A person with an account. */
export interface DemoUser {
  /** Their username, and the `sub` of their tokens. */
  readonly id: string
  readonly name: string
  readonly email: string
  /** More claims of their ID tokens, such as `{ roles: ['admin'] }`. */
  readonly claims?: Readonly<Record<string, unknown>>
}

/** Everyone who has an account. */
export const demoUsers: readonly DemoUser[] = [
  { id: 'alice', name: 'Alice Andersson', email: 'alice@example.com' },
  { id: 'bob', name: 'Bob Bergström', email: 'bob@example.com' },
]

/** The password of every account; the sign-in page shows it. */
export const demoPassword = 'token-handler'

/** The user with this username. */
export const findUser = (users: readonly DemoUser[], id: string): DemoUser | undefined =>
  users.find((user) => user.id === id)
