// The CSRF token of a session, for profiles that have one. Pure.
import type { AccessToken } from '../authorization-server/state.ts'

/** One for each sign-in: it outlives refreshes, and not a sign-out. */
export const csrfTokenOf = (accessToken: AccessToken | undefined): string | undefined =>
  accessToken && `mock-csrf-${accessToken.grant}`
