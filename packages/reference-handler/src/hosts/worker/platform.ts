// What this package needs of Cloudflare's runtime, as far as its types go.
import type { WebSocketLike } from '../fetch/relay.ts'

/** A service that answers requests: the binding of static files, or a Durable Object. */
export interface Fetcher {
  readonly fetch: (request: Request | string, init?: RequestInit) => Promise<Response>
}

/** The binding of a class of Durable Objects. */
export interface DurableObjectNamespace {
  readonly idFromName: (name: string) => unknown
  // What it takes is what `idFromName` gives, of a type that only Cloudflare's own declarations name.
  readonly get: (id: never) => Fetcher
}

/** What one Durable Object keeps. */
export interface DurableObjectStorage {
  readonly list: () => Promise<Map<string, unknown>>
  readonly put: (entries: Record<string, unknown>) => Promise<void>
  readonly delete: (keys: string[]) => Promise<number>
  readonly setAlarm: (at: number) => Promise<void>
}

/** The surroundings of one Durable Object. */
export interface DurableObjectState {
  readonly storage: DurableObjectStorage
  readonly blockConcurrencyWhile: <T>(action: () => Promise<T>) => Promise<T>
}

/** The surroundings of one request. */
export interface ExecutionContext {
  readonly waitUntil: (promise: Promise<unknown>) => void
}

/** A WebSocket of this runtime: it says nothing until it is accepted. */
export interface WorkerWebSocket extends WebSocketLike {
  readonly accept: () => void
}

/** An answer that may carry a WebSocket. */
export type WorkerResponse = Response & { readonly webSocket?: WorkerWebSocket | null }

/** What the runtime has beside the standard. */
export interface WorkerGlobals {
  readonly WebSocketPair: new () => { readonly 0: unknown; readonly 1: WorkerWebSocket }
}
