// Web Locks without a browser: one queue for each name, whose first waiter holds the lock.
import type { HeldLock } from '../../src/platform/platform.ts'

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
  readonly held: () => readonly HeldLock[]
  /** The owner loses what it holds and waits for, and its requests reject, though its tasks go on. */
  readonly lose: (owner: object) => void
  /** The owner has gone: its locks are free, and it waits for none. */
  readonly release: (owner: object) => void
}

interface Waiter {
  readonly owner: object
  readonly grant: () => void
  readonly reject: (reason: unknown) => void
}

/** @param soon - brings a lock that is free to the page that is next: in a microtask unless told otherwise */
export function createFakeLocks(soon: (grant: () => void) => void = queueMicrotask): FakeLocks {
  const queues = new Map<string, Waiter[]>()
  const clientIds = new Map<object, string>()

  function clientIdOf(owner: object): string {
    const id = clientIds.get(owner) ?? `client-${clientIds.size}`
    clientIds.set(owner, id)
    return id
  }

  /** The first holds the lock, and hears of it soon. */
  function grantNext(queue: readonly Waiter[]): void {
    const [next] = queue
    if (!next) return
    soon(() => {
      if (queue[0] === next) next.grant()
    })
  }

  function leave(queue: Waiter[], waiter: Waiter): void {
    const position = queue.indexOf(waiter)
    if (position === -1) return
    queue.splice(position, 1)
    if (position === 0) grantNext(queue)
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
        reject,
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
      if (queue[0] === waiter) grantNext(queue)
    })
  }

  return {
    request,
    held: () =>
      [...queues].flatMap(([name, [holder]]) =>
        holder ? [{ name, clientId: clientIdOf(holder.owner) }] : [],
      ),
    lose(owner) {
      for (const queue of queues.values()) {
        for (const waiter of queue.filter((each) => each.owner === owner).toReversed()) {
          leave(queue, waiter)
          waiter.reject(new DOMException('The browsing context is going away.', 'AbortError'))
        }
      }
    },
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
