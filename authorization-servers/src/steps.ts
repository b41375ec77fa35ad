// What is tried at every authorization server. A server's traits say what has to come of it.
import type { StepId } from './step-ids.ts'
import { refreshing } from './steps/refreshing.ts'
import { signingIn } from './steps/signing-in.ts'
import { signingOut } from './steps/signing-out.ts'
import type { Steps } from './steps/step.ts'

/** The steps, by their names. */
export const steps: Steps<StepId> = { ...signingIn, ...refreshing, ...signingOut }
