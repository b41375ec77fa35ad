// What can be chosen about the local stack, and what is chosen where nothing is said.
import type { ConfigurationInput } from '@token-handler/reference-handler'
import type { DemoUser } from './authorization-server/users.ts'
import type { AccessTokenFormat } from './authorization-server/provider.ts'
import type { AccessTokenAlgorithm } from './authorization-server/signing-keys.ts'

/** The ports of the stack, all on 127.0.0.1; 0 takes any free one. */
export interface LocalStackPorts {
  /**
   * The stack starts no SPA; it trusts the origin on this port.
   * @default 5173
   */
  readonly spa: number
  /**
   * Agent and proxy.
   * @default 3000
   */
  readonly handler: number
  /** @default 4000 */
  readonly authorizationServer: number
  /** @default 3002 */
  readonly api: number
  /**
   * The controls over HTTP.
   * @default 3003
   */
  readonly control: number
}

/** Where log lines go, and which. */
export interface LocalStackLog {
  /** @default 'warn' */
  readonly level?: 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal' | 'silent' | undefined
  /**
   * Takes lines of JSON.
   * @default the standard output
   */
  readonly destination?: { readonly write: (line: string) => void } | undefined
}

/** Options of the local stack; every one has a default. */
export interface LocalStackOptions {
  /**
   * The SPA's origin, where it is not `http://www.app.localhost` on the port `ports.spa`.
   */
  readonly origin?: string | undefined
  /**
   * The page of the SPA that ends sign-ins.
   * @default '/callback'
   */
  readonly callbackPath?: string | undefined
  /**
   * Everyone who can sign in, all with the same password.
   * @default alice and bob
   */
  readonly users?: readonly DemoUser[] | undefined
  /**
   * An API of your own behind the proxy, such as `http://localhost:8080`, in place of the demo API. The rest of the
   * path below `/api` is appended.
   */
  readonly api?: string | undefined
  readonly ports?: Partial<LocalStackPorts> | undefined
  readonly log?: LocalStackLog | undefined
  /**
   * What access tokens are. With `opaque` they carry no claims, and the handler exchanges each of them for a JWT
   * on its way to the API.
   * @default 'jwt'
   */
  readonly accessTokenFormat?: AccessTokenFormat | undefined
  /**
   * How JWTs for the API are signed.
   * @default 'RS256'
   */
  readonly accessTokenAlgorithm?: AccessTokenAlgorithm | undefined
  /**
   * Seconds until an access token expires.
   * @default 300
   */
  readonly accessTokenLifetime?: number | undefined
  /**
   * Whether every refresh replaces the refresh token, and a used one ends the session.
   * @default true
   */
  readonly refreshTokenRotation?: boolean | undefined
  /**
   * Whether users are asked what they allow.
   * @default true
   */
  readonly consent?: boolean | undefined
  /** Changes the handler's configuration before it starts. */
  readonly configure?: ((configuration: ConfigurationInput) => ConfigurationInput) | undefined
}

/** The ports that the documentation speaks of. */
export const defaultPorts: LocalStackPorts = {
  spa: 5173,
  handler: 3000,
  authorizationServer: 4000,
  api: 3002,
  control: 3003,
}
