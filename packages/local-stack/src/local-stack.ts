// What a running local stack is.
import type { Configuration } from '@token-handler/reference-handler'
import type { StackControls } from './controls.ts'
import type { HandlerWatch } from './handler-watch.ts'

/** Where the parts are; none has a trailing slash. */
export interface LocalStackUrls {
  /** The SPA's origin. The stack trusts it and starts nothing there. */
  readonly spa: string
  /** Agent and proxy. */
  readonly handler: string
  /** The agent, as the SPA calls it. */
  readonly agent: string
  /** The API, as the SPA calls it: through the proxy. */
  readonly api: string
  /** The API itself, which takes access tokens. */
  readonly demoApi: string
  /** The issuer. */
  readonly authorizationServer: string
  /** The controls over HTTP, for the SPA's origin alone. */
  readonly control: string
}

/** A running local stack. */
export interface LocalStack extends HandlerWatch {
  readonly urls: LocalStackUrls
  /** The handler's configuration. */
  readonly configuration: Configuration
  readonly controls: StackControls
  /** Every token, code, code verifier, cookie value and credential of this run, to search for leaks. */
  readonly issuedSecrets: () => ReadonlySet<string>
  /** Stops everything and cuts every connection; can be called twice. */
  readonly stop: () => Promise<void>
}
