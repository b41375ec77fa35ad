// The handler for hosts with Fetch and without Node: Cloudflare's runtime, Deno and Bun.
export { createWorker } from './create-worker.ts'
export type { WorkerOptions } from './create-worker.ts'
export type { Worker, WorkerEnvironment, WorkerHostOptions } from './configured-worker.ts'
export { Refreshes } from './durable-refreshes.ts'
export type {
  DurableObjectNamespace,
  DurableObjectState,
  DurableObjectStorage,
  ExecutionContext,
  Fetcher,
} from './platform.ts'
export { createDenoHandler } from './deno.ts'
export type { DenoConnection } from './deno.ts'
export { createBunHandler } from './bun.ts'
export type { BunHandler, BunServer, BunSocket, BunSocketData } from './bun.ts'
export type { StandaloneOptions } from './standalone.ts'
export { parseEnvironment } from '../../configuration/parse-environment.ts'
export { parseConfiguration } from '../../configuration/parse.ts'
export { ConfigurationError } from '../../configuration/configuration-error.ts'
export type { Mistake } from '../../configuration/configuration-error.ts'
export type { Configuration, ConfigurationInput } from '../../configuration/schema.ts'
export type { Fetch, FetchInit, Log, Ports, Schedule } from '../../ports.ts'
