// What both entries of the worker export.
export type { Worker, WorkerEnvironment, WorkerHostOptions } from './configured-worker.ts'
export { Refreshes } from './durable-refreshes.ts'
export type {
  DurableObjectNamespace,
  DurableObjectState,
  DurableObjectStorage,
  ExecutionContext,
  Fetcher,
} from './platform.ts'
export type { Fetch, FetchInit, Log } from '../../ports.ts'
