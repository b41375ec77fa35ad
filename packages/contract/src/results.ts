// What the operations answer, in the words every profile shares.

/** Claims of the user's ID token. */
export type Claims = Readonly<Record<string, unknown>>

/** The answer of `session` and `endLogin`. */
export interface SessionResult {
  readonly isLoggedIn: boolean
  readonly claims?: Claims
  /** Seconds until the access token expires. */
  readonly accessTokenExpiresIn?: number
  /** Seconds until the session ends whatever the user does, when the agent knows. */
  readonly sessionExpiresIn?: number
  /** Whether the session is bound to a key that does not leave this device. */
  readonly isDeviceBound?: boolean
}

/** The answer of `startLogin`. */
export interface StartLoginResult {
  /** Where to navigate; http or https. */
  readonly authorizationUrl: string
  /** The state that the response will have, for a client to know it by; a pushed request hides it from the URL. */
  readonly state?: string
}

/** The answer of `refresh`. */
export interface RefreshResult {
  /** Seconds until the new access token expires. */
  readonly accessTokenExpiresIn?: number
}

/** The answer of `logout`. */
export interface LogoutResult {
  /** Where to navigate to end the session at the authorization server; http or https. */
  readonly logoutUrl?: string
}

/** The result of each operation. */
export interface OperationResults {
  readonly session: SessionResult
  readonly startLogin: StartLoginResult
  readonly endLogin: SessionResult
  readonly refresh: RefreshResult
  readonly logout: LogoutResult
}
