// Isolates that share Durable Objects and nothing else: each refresh token is used once, also when an object was moved.
import { expect, it } from 'vitest'
import { coordinateOverStore } from '../../src/agent/configured-coordinator.ts'
import { createOAuthAgent } from '../../src/agent/oauth-agent.ts'
import { createDurableRefreshStore, Refreshes } from '../../src/hosts/worker/durable-refreshes.ts'
import type { DurableObjectState } from '../../src/hosts/worker/platform.ts'
import { renewed, sessionExpired } from '../support/answers.ts'
import { noLog } from '../support/no-log.ts'
import { createWorld, signIn } from '../support/world.ts'
import { requestRefresh } from '../../../local-stack/test/refresh/rounds.ts'

/** Durable Objects whose storage outlives them, as the platform's does. */
function createNamespace() {
  const storages = new Map<string, Map<string, unknown>>()
  const alarms = new Map<string, number>()
  let objects = new Map<
    string,
    { readonly object: Refreshes; readonly isReady: Promise<unknown> }
  >()

  function create(name: string) {
    let isReady: Promise<unknown> = Promise.resolve()
    const stored = storages.get(name) ?? new Map<string, unknown>()
    storages.set(name, stored)
    const state: DurableObjectState = {
      storage: {
        list: async () => new Map(stored),
        async put(entries) {
          for (const [key, value] of Object.entries(entries)) stored.set(key, value)
        },
        async delete(keys) {
          for (const key of keys) stored.delete(key)
          return keys.length
        },
        setAlarm: async (at) => void alarms.set(name, at),
      },
      async blockConcurrencyWhile(action) {
        const done = action()
        isReady = done
        return await done
      },
    }
    const object = new Refreshes(state)
    const created = { object, isReady }
    objects.set(name, created)
    return created
  }
  /** Nothing reaches an object before it is ready. */
  async function find(name: string): Promise<Refreshes> {
    const { isReady, object } = objects.get(name) ?? create(name)
    await isReady
    return object
  }

  return {
    storages,
    alarms,
    find,
    /** Moves all objects elsewhere: what is in memory is gone. */
    move: () => {
      objects = new Map()
    },
    namespace: {
      idFromName: (name: string) => name,
      get: (id: never) => ({
        fetch: async (url: Request | string, init?: RequestInit) =>
          (await find(id)).fetch(new Request(url, init)),
      }),
    },
  }
}

/** Two isolates, and a browser of each that have the same cookies. */
async function createIsolates() {
  const world = await createWorld()
  const objects = createNamespace()
  const create = () => {
    const ports = { fetch: world.server.fetch, now: () => world.clock.now, log: noLog }
    const store = createDurableRefreshStore(objects.namespace)
    const refreshCoordinator = coordinateOverStore(world.configuration, ports, store)
    return world.newBrowser(createOAuthAgent(world.configuration, { ...ports, refreshCoordinator }))
  }
  const [one, two] = [create(), create()]
  await signIn(world, one)
  for (const [name, value] of one.cookies) two.cookies.set(name, value)
  world.server.calls.token = 0
  return { ...world, one, two, objects }
}

it('refreshes at the same time ask the authorization server once', async () => {
  const { one, server, two } = await createIsolates()
  const answers = await Promise.all(
    Array.from({ length: 20 }, (_, index) => requestRefresh(index % 2 === 0 ? one : two)),
  )
  expect(server.calls.token).toBe(1)
  for (const answer of answers) {
    expect(answer).toMatchObject(renewed)
    expect(answer.setCookies).toEqual(answers[0]?.setCookies)
  }
})

it('a latecomer gets the same answer from an object that was moved in between', async () => {
  const { objects, one, server, two } = await createIsolates()
  const first = await requestRefresh(one)
  objects.move()
  const second = await requestRefresh(two)
  expect(second).toMatchObject(renewed)
  expect(second.setCookies).toEqual(first.setCookies)
  expect(server.calls.token).toBe(1)
})

it('a session that one isolate ended is over for the other', async () => {
  const { objects, one, two } = await createIsolates()
  await one.post('/logout')
  objects.move()
  expect(await requestRefresh(two)).toMatchObject(sessionExpired)
})

it('objects hold nothing that tells anything, and forget it in time', async () => {
  const { objects, one } = await createIsolates()
  await requestRefresh(one)
  const stored = JSON.stringify([...objects.storages].map(([name, entries]) => [name, ...entries]))
  expect(stored).toContain(':result')
  expect(stored).not.toMatch(/alice|"eyJ|refresh-token/)
  const [name = ''] = objects.alarms.keys()
  for (const entry of objects.storages.get(name)?.values() ?? [])
    Object.assign(entry as object, { until: 1 })
  objects.move()
  await (await objects.find(name)).alarm()
  expect(objects.storages.get(name)?.size).toBe(0)
})
