// The worker whose configuration was checked before it was deployed, apart from all that checks one.
export { createCheckedWorker } from './create-checked-worker.ts'
export type { CheckedConfiguration } from '../../configuration/checked.ts'
export type { Relaxation } from '../../configuration/relaxations.ts'
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
