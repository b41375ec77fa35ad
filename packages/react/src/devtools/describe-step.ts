// Every step in plain words.
import type { Operation, TabMessageType, TraceStep } from '@token-handler/client'

/** How a step is meant: a failure, a success worth noticing, something between tabs, or just a step. */
export type Tone = 'plain' | 'good' | 'bad' | 'tabs'

/** A step in words. */
export interface StepDescription {
  readonly text: string
  readonly tone: Tone
}

const asking: Readonly<Record<Operation, string>> = {
  session: 'asks for the session',
  startLogin: 'starts a sign-in',
  endLogin: 'ends the sign-in',
  refresh: 'asks for a new access token',
  logout: 'asks to sign out',
}

const answered: Readonly<Record<Operation, string>> = {
  session: 'session: answered',
  startLogin: 'sign-in started',
  endLogin: 'sign-in ended',
  refresh: 'access token refreshed',
  logout: 'signed out at the agent',
}

const messages: Readonly<Record<TabMessageType, string>> = {
  'signed-in': 'a user signed in',
  refreshed: 'the access token is new',
  'signing-out': 'a sign-out begins',
  'not-signed-out': 'the sign-out failed',
  'signed-out': 'the user signed out',
  expired: 'the session has ended',
  'session-wanted': 'asks for a session hand-over',
  session: 'here is the session',
  claimed: 'busy with the session',
  released: 'done with the session',
}

const skipped = {
  'refreshed-already': 'no refresh: already refreshed elsewhere',
  'signed-out': 'no refresh: no session',
  paused: 'no refresh: the agent wants to be left alone for a while',
} as const

const lockPhases = {
  waiting: 'waits for the lock',
  held: 'has the lock',
  unlocked: 'goes on without the lock',
  released: 'gives the lock back',
} as const

const pageEvents = {
  visible: 'the page is visible',
  hidden: 'the page is hidden',
  online: 'the browser is online',
  left: 'the page is left',
  restored: 'the page comes back from the back/forward cache',
} as const

const plain = (text: string): StepDescription => ({ text, tone: 'plain' })

function describeResponse(status: number, isAborted = false): StepDescription {
  if (status === 0 && isAborted) return plain('aborted by the app')
  if (status === 0) return { text: 'no answer', tone: 'bad' }
  if (status === 401) return { text: '401: the access token was not accepted', tone: 'bad' }
  return { text: String(status), tone: status < 400 ? 'good' : 'bad' }
}

/**
 * Describes a step.
 *
 * @param nameTab - what a tab is called on the timeline
 */
export function describeStep(step: TraceStep, nameTab: (tabId: string) => string): StepDescription {
  switch (step.kind) {
    case 'request':
      return plain(`${step.method} ${step.path}${step.attempt > 1 ? ', sent again' : ''}`)
    case 'response':
      return describeResponse(step.status, step.isAborted)
    case 'agent-request':
      return plain(asking[step.operation])
    case 'agent-answer': {
      if (step.outcome === 'success') return { text: answered[step.operation], tone: 'good' }
      const status = step.status === undefined ? '' : ` (${step.status})`
      return { text: `${step.operation}: ${step.outcome}${status}`, tone: 'bad' }
    }
    case 'lock':
      return { text: `${lockPhases[step.phase]}: ${step.operation}`, tone: 'tabs' }
    case 'refresh-skipped':
      return plain(skipped[step.because])
    case 'message': {
      const direction = step.direction === 'sent' ? 'sends' : `hears ${nameTab(step.from)}`
      return { text: `${direction}: ${messages[step.type]}`, tone: 'tabs' }
    }
    case 'session':
      return plain(`session: ${step.status} (${step.event})`)
    case 'page':
      return plain(pageEvents[step.event])
  }
  return step satisfies never
}
