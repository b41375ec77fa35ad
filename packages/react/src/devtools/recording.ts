// What the devtools remember: the steps of this tab and of the others, and the last errors.
import type { TokenHandlerError, TraceStep } from '@token-handler/client'
import type { RegisteredClient } from '../register.ts'
import { readMessage, withSteps } from './messages.ts'
import type { DevtoolsMessage } from './messages.ts'

/** An error and when it happened, in milliseconds since the epoch. */
export interface RecordedError {
  readonly at: number
  readonly error: TokenHandlerError
}

/** What was recorded; a new object after every change. */
export interface RecordingSnapshot {
  /** In the order of time. */
  readonly steps: readonly TraceStep[]
  /** The newest first. */
  readonly errors: readonly RecordedError[]
  /** The tab that this page is, once its client has emitted a step. */
  readonly tabId: string | undefined
}

/** The recording of one client. */
export interface Recording {
  readonly getSnapshot: () => RecordingSnapshot
  readonly subscribe: (listener: () => void) => () => void
  /** Begins to listen to the client. Again does nothing. */
  readonly start: () => void
  /** Speaks with the devtools of the other tabs, until the last caller has called what this returns. */
  readonly connect: () => () => void
  readonly clear: () => void
}

const CHANNEL = 'token-handler:devtools'
const MAX_ERRORS = 5

/** The channel to the devtools of the other tabs, where the browser has one. */
function openChannel(): BroadcastChannel | undefined {
  try {
    return new BroadcastChannel(CHANNEL)
  } catch {
    // Missing, or refused where the user blocks cookies.
    return undefined
  }
}

function createRecording(client: RegisteredClient): Recording {
  let snapshot: RecordingSnapshot = { steps: [], errors: [], tabId: undefined }
  let isStarted = false
  let isTelling = false
  let channel: BroadcastChannel | undefined
  let connections = 0
  const listeners = new Set<() => void>()

  function change(part: Partial<RecordingSnapshot>): void {
    snapshot = { ...snapshot, ...part }
    if (isTelling) return
    isTelling = true
    // Steps come in bursts, and sometimes in the middle of a render.
    queueMicrotask(() => {
      isTelling = false
      for (const listener of listeners) listener()
    })
  }

  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- for windows only
  const tell = (message: DevtoolsMessage): void => channel?.postMessage(message)

  /** What the others may have missed. */
  function tellHistory(): void {
    const { steps, tabId } = snapshot
    if (tabId === undefined) return
    tell({ kind: 'history', tabId, steps: steps.filter((step) => step.tabId === tabId) })
  }

  function hear(message: DevtoolsMessage | undefined): void {
    const { steps } = snapshot
    if (message?.kind === 'step') change({ steps: withSteps(steps, [message.step]) })
    if (message?.kind === 'history') {
      const others = steps.filter((step) => step.tabId !== message.tabId)
      change({ steps: withSteps(others, message.steps) })
    }
    if (message?.kind === 'hello') tellHistory()
  }

  function connect(): () => void {
    connections += 1
    if (connections === 1) {
      channel = openChannel()
      channel?.addEventListener('message', ({ data }) => hear(readMessage(data)))
      tell({ kind: 'hello' })
      tellHistory()
    }
    let isConnected = true
    return () => {
      if (!isConnected) return
      isConnected = false
      connections -= 1
      if (connections > 0) return
      channel?.close()
      channel = undefined
    }
  }

  function noteError(error: TokenHandlerError): void {
    const errors = [{ at: Date.now(), error }, ...snapshot.errors]
    change({ errors: errors.slice(0, MAX_ERRORS) })
  }

  function start(): void {
    if (isStarted) return
    isStarted = true
    const session = client.getSnapshot()
    // Of an error that was there before, nothing tells any more.
    if (session.status === 'error') noteError(session.error)
    client.on('trace', (step) => {
      change({ steps: withSteps(snapshot.steps, [step]), tabId: step.tabId })
      tell({ kind: 'step', step })
    })
    client.on('error', ({ error }) => {
      noteError(error)
      // `void login()` leaves no trace otherwise. Devtools are of development.
      // oxlint-disable-next-line no-console -- see above
      console.warn(`token-handler: ${error.code}: ${error.message}`, error)
    })
  }

  return {
    getSnapshot: () => snapshot,
    subscribe(listener) {
      const entry = (): void => listener()
      listeners.add(entry)
      return () => void listeners.delete(entry)
    },
    start,
    connect,
    clear: () => change({ steps: [], errors: [] }),
  }
}

const recordings = new WeakMap<RegisteredClient, Recording>()

/** The recording of a client, one for all callers. */
export function recordingOf(client: RegisteredClient): Recording {
  const recording = recordings.get(client) ?? createRecording(client)
  recordings.set(client, recording)
  return recording
}
