// What the doctor needs of the place it runs in.
import type { Fetch } from '../ports.ts'

/** The outside world of the doctor. */
export interface DoctorPorts {
  /** Calls the authorization server, as the handler does. */
  readonly fetch: Fetch
  /** Milliseconds since the epoch. */
  readonly now: () => number
  /** PEM of authorities to trust in place of the system's. */
  readonly ca?: string | undefined
  /** Signs a user in: takes the authorization URL, resolves with the URL that it leads back to. */
  readonly signIn?: ((authorizationUrl: string) => Promise<string>) | undefined
}
