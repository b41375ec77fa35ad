// Each refresh token once in all isolates: the store that they share, as Durable Objects.
import type { Begun, LockWish, Outcome, RefreshStore } from '../../store/refresh-store.ts'
import type { DurableObjectNamespace, DurableObjectState } from './platform.ts'
import { createRefreshLedger } from './refresh-ledger.ts'
import type { KeptEntry } from './refresh-ledger.ts'

/** One step of the store, as it travels to its object. */
type Step =
  | { readonly step: 'begin'; readonly names: readonly string[]; readonly wish: LockWish }
  | {
      readonly step: 'extend'
      readonly names: readonly string[]
      readonly owner: string
      readonly lockedFor: number
    }
  | {
      readonly step: 'finish'
      readonly names: readonly string[]
      readonly owner: string
      readonly outcome?: Outcome | undefined
    }
  | { readonly step: 'end'; readonly names: readonly string[]; readonly keptFor: number }

/** Milliseconds after which an object that does not answer counts as away. */
const PATIENCE = 2000

/** Milliseconds until what is over is forgotten. */
const PURGED_EVERY = 60_000

/** Keys that the storage takes at once. */
const MAX_KEYS = 128

/**
 * Creates the store of a worker. There is one object for each of the 4,096 places that names begin with, so that what
 * concerns one refresh token meets in one object, wherever in the world it is.
 */
export function createDurableRefreshStore(namespace: DurableObjectNamespace): RefreshStore {
  async function ask(step: Step): Promise<unknown> {
    const place = /^\{([^}]*)\}/.exec(step.names[0] ?? '')?.[1] ?? ''
    const object = namespace.get(namespace.idFromName(place) as never)
    const signal = AbortSignal.timeout(PATIENCE)
    const init = { method: 'POST', body: JSON.stringify(step), signal }
    const response = await object.fetch('https://refreshes.invalid/', init)
    if (!response.ok) throw new Error(`The object of refreshes answered ${response.status}.`)
    return await response.json()
  }
  return {
    begin: async (names, wish) => (await ask({ step: 'begin', names, wish })) as Begun,
    async extend(names, owner, lockedFor) {
      await ask({ step: 'extend', names, owner, lockedFor })
    },
    finish: async (names, owner, outcome) =>
      (await ask({ step: 'finish', names, owner, outcome })) as boolean,
    async end(names, keptFor) {
      const ended = (await ask({ step: 'end', names, keptFor })) as {
        readonly isLocked: boolean
        readonly value?: string
      }
      return { isLocked: ended.isLocked, value: ended.value }
    },
  }
}

/**
 * The Durable Object that lets all isolates use each refresh token once. Export it from the worker, and bind it as
 * `REFRESHES`. It never sees a token: names are hashes, values are sealed.
 *
 * Requests to one object interleave at every `await`, so each step is taken in memory, in one go, and stored
 * afterwards; the object's answers wait for the storage by themselves (output gates). Locks are in memory only: an
 * object that was moved has lost them, and their owners take them again with their next heartbeat.
 *
 * @see {@link https://developers.cloudflare.com/durable-objects/ Durable Objects}
 *
 * @example
 * import { createWorker, Refreshes } from '@token-handler/reference-handler/worker'
 *
 * export { Refreshes }
 * export default createWorker()
 */
export class Refreshes {
  readonly #state: DurableObjectState
  readonly #ledger = createRefreshLedger(() => Date.now())
  #hasAlarm = false

  constructor(state: DurableObjectState) {
    this.#state = state
    void state.blockConcurrencyWhile(async () => {
      this.#ledger.load((await state.storage.list()) as ReadonlyMap<string, KeptEntry>)
    })
  }

  /** Takes one step. Only the worker that binds the object can send it. */
  async fetch(request: Request): Promise<Response> {
    const answer = this.#take((await request.json()) as Step)
    await this.#save()
    return Response.json(answer)
  }

  /** Forgets what is over, as long as there is something. */
  async alarm(): Promise<void> {
    this.#hasAlarm = false
    const gone = this.#ledger.purge()
    for (let start = 0; start < gone.length; start += MAX_KEYS) {
      await this.#state.storage.delete(gone.slice(start, start + MAX_KEYS))
    }
    if (!this.#ledger.isEmpty()) await this.#setAlarm()
  }

  #take(step: Step): unknown {
    const { names } = step
    switch (step.step) {
      case 'begin':
        return this.#ledger.begin(names, step.wish)
      case 'extend':
        this.#ledger.extend(names, step.owner, step.lockedFor)
        return true
      case 'finish':
        return this.#ledger.finish(names, step.owner, step.outcome)
      case 'end':
        return this.#ledger.end(names, step.keptFor)
    }
  }

  async #save(): Promise<void> {
    const changed = this.#ledger.takeChanges()
    if (Object.keys(changed).length === 0) return
    await this.#state.storage.put(changed)
    if (!this.#hasAlarm) await this.#setAlarm()
  }

  async #setAlarm(): Promise<void> {
    this.#hasAlarm = true
    await this.#state.storage.setAlarm(Date.now() + PURGED_EVERY)
  }
}
