// The outside world of the cores: network, clock and log come in through here and nowhere else, and
// what a host can do better than Fetch and WebCrypto.
import type { DeviceBindingEvent } from './agent/device-binding/events.ts'
import type { RefreshCoordinator } from './agent/refresh-coordinator.ts'
import type { Configuration } from './configuration/schema.ts'
import type { CreateSealer } from './sealing/sealer.ts'
import type { SharedStore } from './store/shared-store.ts'
import type { StoreCrypto } from './store/store-crypto.ts'
import type { TlsFiles } from './tls-files.ts'

/** What the handler sends. A redirect is never followed: it could carry credentials elsewhere. */
export interface FetchInit {
  readonly method: string
  readonly headers: Record<string, string>
  readonly body?: string | URLSearchParams | null
  readonly redirect: 'manual'
  readonly signal?: AbortSignal
  /** How the TLS connection is made, where that is not as usual. A place without files leaves it out of its settings. */
  readonly tls?: TlsFiles
}

/** An answer that is there as a whole. */
export interface WholeAnswer {
  readonly status: number
  /** Names in lower case; several lines of one name with a comma between. */
  readonly headers: Readonly<Record<string, string>>
  readonly text: string
}

/** Sends one request to the authorization server. The global `fetch` fits. */
export interface Fetch {
  (url: string, init: FetchInit): Promise<Response>
  /** The same without the objects of Fetch, where the host has it: they cost as much as the request. */
  readonly whole?: (url: string, init: FetchInit) => Promise<WholeAnswer>
}

/** Where events go. A pino logger fits. */
export interface Log {
  readonly debug: (fields: object, message: string) => void
  readonly info: (fields: object, message: string) => void
  readonly warn: (fields: object, message: string) => void
  readonly error: (fields: object, message: string) => void
}

/** Runs an action once, in so many milliseconds; what it returns calls the action off. */
export type Schedule = (milliseconds: number, action: () => void) => () => void

/** What a span says; never a token, a query, a cookie or a user. */
export type SpanAttributes = Readonly<Record<string, string | number | boolean>>

/** A span that is to begin. */
export interface SpanOptions {
  /** Of few values: an operation, a method, the path of a route. */
  readonly name: string
  /** `server` for what is answered here, `client` for what is asked elsewhere. */
  readonly kind: 'server' | 'client'
  readonly attributes: SpanAttributes
  /** A header of the request that is answered, by its name in lower case: the trace goes on from there. */
  readonly header?: ((name: string) => string | undefined) | undefined
}

/** A span under way. */
export interface ActiveSpan {
  readonly set: (attributes: SpanAttributes) => void
  /** Says that what it stands for has failed, and by what kind of error. */
  readonly fail: (type: string) => void
  /** The headers that hand the trace on, such as `traceparent`; none where nothing is recorded. */
  readonly headers: () => Readonly<Record<string, string>>
}

/** Runs an action in a span, which ends with it. Settles as the action does. */
export type Trace = <T>(
  options: SpanOptions,
  action: (span: ActiveSpan) => Promise<T>,
) => Promise<T>

/** What agent and proxy need of the place they run in. */
export interface Ports {
  readonly fetch: Fetch
  /** Milliseconds since the epoch. */
  readonly now: () => number
  /** Ends WebSockets and waiting in time; by default with the timers of the host. */
  readonly schedule?: Schedule | undefined
  readonly log: Log
  /**
   * The cookie secrets of a configuration at this moment, newest first, in place of those in it. It is
   * asked with every cookie, so that secrets can change while the handler runs; as long as nothing
   * changed, it has to return the same list.
   */
  readonly cookieSecrets?: ((configuration: Configuration) => readonly string[]) | undefined
  /** Seals and opens cookies in place of WebCrypto; has to read and write the same JWE. */
  readonly createSealer?: CreateSealer | undefined
  /** Hashes, and names and seals entries of the store, in place of WebCrypto; has to do the very same. */
  readonly storeCrypto?: StoreCrypto | undefined
  /** Makes spans of operations, of requests of the back channel and of those to APIs; by default none are made. */
  readonly trace?: Trace | undefined
  /** What all instances of the deployment share; without it, each of them is alone. */
  readonly store?: SharedStore | undefined
  /** Uses each refresh token once, in place of the coordinator that each agent has in memory, or over the store. */
  readonly refreshCoordinator?: RefreshCoordinator | undefined
  /** Hears what becomes of device binding, for metrics. */
  readonly onDeviceBinding?: ((event: DeviceBindingEvent) => void) | undefined
}
