// Refresh, login end and logout replace the session's cookies; whoever came second would undo the first.

/** Runs a task when all earlier ones have ended, well or badly. */
export type SessionLock = <T>(task: () => Promise<T>) => Promise<T>

/** A lock for this tab. Its tasks are requests to the agent, so the wait ends with their time-outs. */
export function createSessionLock(): SessionLock {
  let last: Promise<unknown> = Promise.resolve()
  return (task) => {
    const run = last.then(task)
    last = run.catch(() => undefined)
    return run
  }
}
