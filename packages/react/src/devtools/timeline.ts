// The timeline as data: a lane for each tab, and the steps in rows.
import type { TraceStep } from '@token-handler/client'
import { describeStep } from './describe-step.ts'
import type { StepDescription } from './describe-step.ts'

/** A lane. */
export interface Lane {
  readonly tabId: string
  readonly name: string
}

/** A step on the timeline. */
export interface TimelineRow extends StepDescription {
  readonly key: string
  /** The lane it belongs to, from 0. */
  readonly lane: number
  /** Milliseconds since the epoch. */
  readonly at: number
  /** How long the answer took, in milliseconds, where the step is one. */
  readonly duration: number | undefined
  /** Whether nothing happened for a while before it. */
  readonly isAfterPause: boolean
}

/** What the timeline draws. */
export interface Timeline {
  readonly lanes: readonly Lane[]
  readonly rows: readonly TimelineRow[]
}

/** Milliseconds. */
const PAUSE = 1_000

/** What an answer and its question have in common; `undefined` for steps that are neither. */
function conversationOf(step: TraceStep): string | undefined {
  if (step.kind === 'request' || step.kind === 'response') {
    return `${step.tabId} request ${step.request}`
  }
  if (step.kind === 'agent-request' || step.kind === 'agent-answer') {
    return `${step.tabId} ${step.operation}`
  }
  return undefined
}

/** This tab is the first lane; the others follow as they appear. */
function createLanes(steps: readonly TraceStep[], ownTabId: string | undefined): readonly Lane[] {
  const others = new Set(steps.map(({ tabId }) => tabId))
  if (ownTabId !== undefined) others.delete(ownTabId)
  const ownLane = ownTabId === undefined ? [] : [{ tabId: ownTabId, name: 'This tab' }]
  return [...ownLane, ...[...others].map((tabId, index) => ({ tabId, name: `Tab ${index + 2}` }))]
}

/** Draws up the timeline. */
export function createTimeline(
  steps: readonly TraceStep[],
  ownTabId: string | undefined,
): Timeline {
  const lanes = createLanes(steps, ownTabId)
  const laneOf = new Map(lanes.map(({ tabId }, index) => [tabId, index]))
  const nameTab = (tabId: string): string => {
    if (tabId === ownTabId) return 'this tab'
    return lanes[laneOf.get(tabId) ?? -1]?.name ?? 'another tab'
  }
  const askedAt = new Map<string, number>()

  const rows = steps.map((step, index): TimelineRow => {
    const { at, kind, tabId } = step
    const conversation = conversationOf(step)
    const isAnswer = kind === 'response' || kind === 'agent-answer'
    const asked = isAnswer && conversation !== undefined ? askedAt.get(conversation) : undefined
    if (!isAnswer && conversation !== undefined) askedAt.set(conversation, at)
    const before = steps[index - 1]?.at
    return {
      ...describeStep(step, nameTab),
      key: `${tabId} ${at} ${index}`,
      lane: laneOf.get(tabId) ?? 0,
      at,
      duration: asked === undefined ? undefined : at - asked,
      isAfterPause: before !== undefined && at - before > PAUSE,
    }
  })
  return { lanes, rows }
}
