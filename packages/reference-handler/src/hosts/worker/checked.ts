// The worker whose configuration was checked before it was deployed, apart from all that checks one.
export { createCheckedWorker } from './create-checked-worker.ts'
export type { CheckedConfiguration } from '../../configuration/checked.ts'
export type { Relaxation } from '../../configuration/relaxations.ts'
export * from './every-worker.ts'
