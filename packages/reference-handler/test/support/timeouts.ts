// Timeouts that end when a test says so, instead of when time has passed.
import { onTestFinished, vi } from 'vitest'

/** Takes the place of `AbortSignal.timeout` until the test ends. */
export function holdTimeouts() {
  const controllers: AbortController[] = []
  const timeout = vi.spyOn(AbortSignal, 'timeout').mockImplementation(() => {
    const controller = new AbortController()
    controllers.push(controller)
    return controller.signal
  })
  onTestFinished(() => {
    timeout.mockRestore()
  })
  return {
    /** Milliseconds that were asked for, in order. */
    asked: (): number[] => timeout.mock.calls.map(([milliseconds]) => milliseconds),
    /** Lets all of them pass, once everything that can happen before has happened. */
    elapse(): void {
      setImmediate(() => {
        const reason = new DOMException('The time is over.', 'TimeoutError')
        for (const controller of controllers) controller.abort(reason)
      })
    },
  }
}

export type HeldTimeouts = ReturnType<typeof holdTimeouts>
