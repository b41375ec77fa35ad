// Web Locks without a browser: one queue for each name, whose first waiter holds the lock.
interface FakeLockOptions {
  readonly signal?: AbortSignal
  readonly ifAvailable?: boolean
}

/** The locks of one browser. */
export interface FakeLocks {
  /** As `RequestLock`; `owner` is the page that asks. */
  readonly request: <T>(
    owner: object,
    name: string,
    options: FakeLockOptions,
    task: (lock: unknown) => Promise<T>,
  ) => Promise<T>
  readonly held: () => readonly string[]
  /** The owner has gone: its locks are free, and it waits for none. */
  readonly release: (owner: object) => void
}

interface Waiter {
  readonly owner: object
  readonly grant: () => void
}

export function createFakeLocks(): FakeLocks {
  const queues = new Map<string, Waiter[]>()

  function leave(queue: Waiter[], waiter: Waiter): void {
    const position = queue.indexOf(waiter)
    if (position === -1) return
    queue.splice(position, 1)
    if (position === 0) queue[0]?.grant()
  }

  async function request<T>(
    owner: object,
    name: string,
    { signal, ifAvailable }: FakeLockOptions,
    task: (lock: unknown) => Promise<T>,
  ): Promise<T> {
    const queue = queues.get(name) ?? []
    queues.set(name, queue)
    if (ifAvailable && queue.length > 0) return task(null)
    return new Promise((resolve, reject) => {
      let isGranted = false
      const waiter: Waiter = {
        owner,
        grant() {
          if (isGranted) return
          isGranted = true
          signal?.removeEventListener('abort', giveUp)
          void task({})
            .then(resolve, reject)
            .finally(() => leave(queue, waiter))
        },
      }
      function giveUp(): void {
        leave(queue, waiter)
        reject(signal?.reason)
      }
      queue.push(waiter)
      signal?.addEventListener('abort', giveUp)
      queueMicrotask(() => {
        if (queue[0] === waiter) waiter.grant()
      })
    })
  }

  return {
    request,
    held: () => [...queues].filter(([, queue]) => queue.length > 0).map(([name]) => name),
    release(owner) {
      for (const queue of queues.values()) {
        // The last first, so that none of them is granted the lock on the way.
        for (const waiter of queue.filter((each) => each.owner === owner).toReversed()) {
          leave(queue, waiter)
        }
      }
    },
  }
}
