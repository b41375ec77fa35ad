// The messages between the devtools of several tabs, and putting their steps in order.
import type { TraceStep } from '@token-handler/client'

/** How many steps are kept; the oldest go first. */
const CAPACITY = 500

/** Whether a value from another tab looks like a step. Both tabs run this app's development build. */
function isStep(value: unknown): value is TraceStep {
  return (
    typeof value === 'object' &&
    value !== null &&
    'at' in value &&
    typeof value.at === 'number' &&
    'tabId' in value &&
    typeof value.tabId === 'string' &&
    'kind' in value &&
    typeof value.kind === 'string'
  )
}

/** What the devtools of one tab say to those of the others. */
export type DevtoolsMessage =
  /** Has just begun to record, and asks for what it missed. */
  | { readonly kind: 'hello' }
  /** Something happened in the tab that says so. */
  | { readonly kind: 'step'; readonly step: TraceStep }
  /** All that is kept of one tab; takes the place of what was known of it. */
  | { readonly kind: 'history'; readonly tabId: string; readonly steps: readonly TraceStep[] }

/** Reads a message of another tab; `undefined` when it is none. */
export function readMessage(value: unknown): DevtoolsMessage | undefined {
  if (typeof value !== 'object' || value === null || !('kind' in value)) return undefined
  if (value.kind === 'hello') return { kind: 'hello' }
  if (value.kind === 'step' && 'step' in value && isStep(value.step)) {
    return { kind: 'step', step: value.step }
  }
  if (value.kind !== 'history' || !('steps' in value) || !Array.isArray(value.steps))
    return undefined
  const steps = value.steps.filter(isStep)
  const [first] = steps
  return first && { kind: 'history', tabId: first.tabId, steps }
}

/** Adds steps in the order of time, whichever tab they come from. */
export function withSteps(
  steps: readonly TraceStep[],
  added: readonly TraceStep[],
): readonly TraceStep[] {
  const all = [...steps, ...added]
  const last = steps.at(-1)
  const isLate = last !== undefined && added.some(({ at }) => at < last.at)
  // The sort is stable: steps of the same millisecond stay in the order in which they were emitted.
  return (isLate ? all.sort((one, other) => one.at - other.at) : all).slice(-CAPACITY)
}
