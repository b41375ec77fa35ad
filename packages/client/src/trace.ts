// The steps of what a client does, for devtools: what happened, never a token, a claim or a query.
import type { Operation } from '@token-handler/contract'
import type { TokenHandlerErrorCode } from './errors.ts'
import { createListeners } from './listeners.ts'
import type { Listeners } from './listeners.ts'

/** What the tabs of one agent say to each other. */
export type TabMessageType =
  /** Something happened to the session; the other tabs follow. */
  | 'signed-in'
  | 'refreshed'
  | 'signing-out'
  | 'not-signed-out'
  | 'signed-out'
  | 'expired'
  /** A tab that has just opened asks for the session, and gets it. */
  | 'session-wanted'
  | 'session'
  /** Where the browser has no Web Locks: a tab is at it, or is done. */
  | 'claimed'
  | 'released'

/** What happened. A `switch` over `kind` can be exhaustive. */
export type TraceDetail =
  /** A request to an API goes out; `attempt` is 1, or more when it is sent again. */
  | {
      readonly kind: 'request'
      /** Number of the request on this page. */
      readonly request: number
      readonly attempt: number
      readonly method: string
      /** The URL's path, without its query. */
      readonly path: string
      readonly epoch: number
    }
  /** The API answered; without an answer `status` is 0, as that of the Fetch standard's network error. */
  | {
      readonly kind: 'response'
      readonly request: number
      readonly status: number
      /** Whether the app has aborted the call. */
      readonly isAborted?: boolean | undefined
    }
  /** A request to the agent goes out. */
  | { readonly kind: 'agent-request'; readonly operation: Operation }
  /** The agent answered, or did not. */
  | {
      readonly kind: 'agent-answer'
      readonly operation: Operation
      readonly outcome: 'success' | TokenHandlerErrorCode
      /** HTTP status, if there was an answer. */
      readonly status: number | undefined
    }
  /** The lock that refresh, login end and logout of all tabs share. */
  | {
      readonly kind: 'lock'
      readonly operation: Operation
      /** `unlocked`: the wait was too long, or there are no locks; it goes on without. */
      readonly phase: 'waiting' | 'held' | 'unlocked' | 'released'
    }
  /** A refresh that was asked for turned out not to be needed, or not to make sense. */
  | {
      readonly kind: 'refresh-skipped'
      readonly because: 'refreshed-already' | 'signed-out' | 'paused'
      readonly epoch: number
    }
  /** Tabs speak with each other. */
  | {
      readonly kind: 'message'
      readonly direction: 'sent' | 'received'
      readonly type: TabMessageType
      /** The tab that sent it. */
      readonly from: string
      readonly epoch: number
    }
  /** An event reached the session's state; `status` is what it is now. */
  | {
      readonly kind: 'session'
      readonly event: string
      readonly status: 'loading' | 'authenticated' | 'unauthenticated' | 'error'
    }
  /** The page's life; `restored` from the back/forward cache. */
  | { readonly kind: 'page'; readonly event: 'visible' | 'hidden' | 'online' | 'left' | 'restored' }

/** One step. */
export type TraceStep = TraceDetail & {
  /** Milliseconds since the epoch. */
  readonly at: number
  /** The tab that emits this; random, and another one after a reload. */
  readonly tabId: string
}

/** Emits the steps while there is a listener. */
export interface Tracer {
  /** Absent while there is no listener: `tracer.takeStep?.({ … })` does not even build the step then. */
  takeStep?: (detail: TraceDetail) => void
  readonly listeners: Listeners<TraceStep>
}

/**
 * Creates a tracer without listeners.
 *
 * @param now - milliseconds since the epoch
 */
export function createTracer(tabId: string, now: () => number): Tracer {
  const listeners = createListeners<TraceStep>()
  const tracer: Tracer = {
    listeners: {
      ...listeners,
      add(listener) {
        const remove = listeners.add(listener)
        tracer.takeStep = (detail) => listeners.call({ ...detail, at: now(), tabId })
        return () => {
          remove()
          if (listeners.isEmpty()) delete tracer.takeStep
        }
      },
    },
  }
  return tracer
}
