// What can be chosen about the backend of a dev server.
import type { ConfigurationInput } from '@token-handler/reference-handler'
import type { DemoUser } from '../authorization-server/users.ts'

/** The client that the handler is at a real authorization server. */
export type DevelopmentClient = Partial<ConfigurationInput['client']> &
  Pick<ConfigurationInput['client'], 'id'>

/** Options of a backend for development; every one has a default. */
export interface DevelopmentOptions {
  /**
   * Who can sign in: a list, or the path of a JSON file with one. Each has `id`, and may have `name`, `email` and
   * `claims`.
   * @default alice and bob
   */
  readonly users?: readonly DevelopmentUser[] | string | undefined
  /**
   * An API of your own, such as `http://localhost:8080`, in place of the demo API. The path below `apiPath` is
   * appended to it.
   */
  readonly api?: string | undefined
  /**
   * Where the API is for the page.
   * @default '/api'
   */
  readonly apiPath?: string | undefined
  /**
   * Where the agent is for the page.
   * @default '/oauth-agent'
   */
  readonly agentPath?: string | undefined
  /**
   * The page that ends sign-ins.
   * @default '/callback'
   */
  readonly callbackPath?: string | undefined
  /** A real authorization server in place of the local one; needs `client` and `api`. */
  readonly issuer?: string | undefined
  /** The client at that authorization server, where `<origin>/callback` is one of its redirect URIs. */
  readonly client?: DevelopmentClient | undefined
  /** Changes the handler's configuration before it starts. */
  readonly configure?: ((configuration: ConfigurationInput) => ConfigurationInput) | undefined
}

/** Someone who can sign in. */
export type DevelopmentUser = Pick<DemoUser, 'id'> & Partial<DemoUser>
