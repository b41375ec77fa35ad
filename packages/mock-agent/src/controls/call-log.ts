// What a mock was asked.
import type { Operation } from '@token-handler/contract'

/** One call that the agent saw, refused ones included. */
export interface MockCall {
  readonly operation: Operation
  /** Those of the form it came with, or of whatever the profile has instead. */
  readonly parameters: Readonly<Record<string, string>>
  /** Status of the answer; 0 for a network error. Absent while there is no answer yet. */
  readonly status?: number
}

/** All calls so far. */
export interface CallLog {
  /** Logs a call; gives back what logs its answer. */
  readonly begin: (call: MockCall) => (status: number) => void
  /** Oldest first; all of them, or one operation's. */
  readonly calls: (operation?: Operation) => readonly MockCall[]
  /** Resolves with a call when it has been answered. */
  readonly waitFor: (operation: Operation, count?: number) => Promise<MockCall>
  /** Logs an unexpected request. */
  readonly addUnexpected: (request: Request) => void
  /** Logs a mistake in how the test is set up, and says it on the console at once. */
  readonly addMistake: (mistake: string) => void
  /** @throws {Error} when there was such a request, or a mistake */
  readonly expectNoUnexpectedCalls: () => void
  readonly clear: () => void
}

/** Starts empty. */
export function createCallLog(): CallLog {
  let log: readonly MockCall[] = []
  let unexpected: readonly string[] = []
  let mistakes: readonly string[] = []
  let waiting: readonly { readonly look: () => boolean }[] = []
  const calls = (operation?: Operation): readonly MockCall[] =>
    log.filter((call) => operation === undefined || call.operation === operation)

  return {
    calls,
    begin: (call) => {
      let entry = call
      log = [...log, entry]
      return (status) => {
        const answered = { ...call, status }
        log = log.map((other) => (other === entry ? answered : other))
        entry = answered
        waiting = waiting.filter(({ look }) => !look())
      }
    },
    waitFor: (operation, count = 1) =>
      new Promise((resolve) => {
        const look = (): boolean => {
          const answered = calls(operation).filter(({ status }) => status !== undefined)
          const call = answered[count - 1]
          if (call !== undefined) resolve(call)
          return call !== undefined
        }
        if (!look()) waiting = [...waiting, { look }]
      }),
    addUnexpected: ({ method, url }) => {
      unexpected = [...unexpected, `${method} ${url}`]
    },
    addMistake: (mistake) => {
      if (mistakes.includes(mistake)) return
      mistakes = [...mistakes, mistake]
      // A test that waits for what never comes would say nothing of the cause.
      // oxlint-disable-next-line no-console
      console.error(mistake)
    },
    expectNoUnexpectedCalls: () => {
      if (mistakes.length > 0) throw new Error(mistakes.join('\n'))
      if (unexpected.length === 0) return
      throw new Error(
        `The mock agent was asked for what it does not know: ${unexpected.join(', ')}. It answers its agentUrl and what protect(url, resolver) names.`,
      )
    },
    clear: () => {
      log = []
      unexpected = []
      mistakes = []
      waiting = []
    },
  }
}
