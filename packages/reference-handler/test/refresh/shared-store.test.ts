// Two instances that share a store and nothing else: each refresh token is used once.
import { describe, expect, it, vi } from 'vitest'
import { createOAuthAgent } from '../../src/agent/oauth-agent.ts'
import type { Configuration } from '../../src/configuration/schema.ts'
import { renewed, sessionExpired } from '../support/answers.ts'
import { createMemoryStore } from '../support/memory-store.ts'
import { noLog } from '../support/no-log.ts'
import { cookieSecret, createWorld, signIn } from '../support/world.ts'
import { requestRefresh } from '../../../local-stack/test/refresh/rounds.ts'

const otherSecret = 'another cookie secret with enough randomness'

/** Two instances, and a browser of each that have the same cookies. */
async function createFleet(secrets: readonly (readonly string[])[] = []) {
  const world = await createWorld()
  const store = createMemoryStore(() => world.clock.now)
  const create = (cookieSecrets = [cookieSecret] as readonly string[]) => {
    const { cookies, ...rest } = world.configuration
    const configuration: Configuration = {
      ...rest,
      cookies: { ...cookies, secrets: [...cookieSecrets] },
    }
    return createOAuthAgent(configuration, {
      fetch: world.server.fetch,
      now: () => world.clock.now,
      log: noLog,
      store,
    })
  }
  const [one, two] = [create(secrets[0]), create(secrets[1])].map((agent) =>
    world.newBrowser(agent),
  )
  if (one === undefined || two === undefined) throw new Error('There are two.')
  await signIn(world, one)
  for (const [name, value] of one.cookies) two.cookies.set(name, value)
  world.server.calls.token = 0
  return { ...world, one, two, store }
}

describe('instances with a shared store', () => {
  it('ask the authorization server once for refreshes at the same time', async () => {
    const { one, two, server } = await createFleet()
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) => requestRefresh(index % 2 === 0 ? one : two)),
    )
    expect(server.calls.token).toBe(1)
    for (const answer of answers) {
      expect(answer).toMatchObject(renewed)
      expect(answer.setCookies).toEqual(answers[0]?.setCookies)
    }
  })

  it('answer again what another instance has answered, as long as results are kept', async () => {
    const { one, two, server, clock } = await createFleet()
    const lost = await requestRefresh(one)
    clock.now += 19_000
    expect((await requestRefresh(two)).setCookies).toEqual(lost.setCookies)
    expect(server.calls.token).toBe(1)
    clock.now += 1_001
    expect(await requestRefresh(two)).toMatchObject(sessionExpired)
  })

  it('share the failure of a refresh with those who wait for it, and with nobody later', async () => {
    const { one, two, server } = await createFleet()
    server.override('token', () => new Response('down', { status: 503 }))
    const both = await Promise.all([requestRefresh(one), requestRefresh(two)])
    expect(both).toMatchObject([{ status: 502 }, { status: 502 }])
    expect(server.calls.token).toBe(1)
    server.override('token', undefined)
    expect(await requestRefresh(two)).toMatchObject(renewed)
  })

  it('end a session for each other, and revoke the newest refresh token', async () => {
    const { one, two, server } = await createFleet()
    const known = [...server.secrets]
    await requestRefresh(one)
    await two.post('/logout')
    expect(server.revoked).toEqual([expect.stringMatching(/^refresh-token-/)])
    expect(known).not.toContain(server.revoked[0])
    expect(await requestRefresh(one)).toMatchObject(sessionExpired)
  })

  it.each([
    ['the new secret is added', [cookieSecret], [cookieSecret, otherSecret]],
    ['the new secret comes first', [cookieSecret, otherSecret], [otherSecret, cookieSecret]],
    ['the old secret goes', [cookieSecret, otherSecret], [cookieSecret]],
  ])('find the same entry while secrets rotate: %s', async (_, first, second) => {
    const { one, two, server } = await createFleet([first, second])
    await Promise.all([requestRefresh(one), requestRefresh(two)])
    expect(server.calls.token).toBe(1)
  })

  it('write nothing into the store that tells anything', async () => {
    const { one, two, store, server } = await createFleet()
    await requestRefresh(one)
    server.override('token', () => new Response('down', { status: 503 }))
    await requestRefresh(two)
    const text = JSON.stringify([...store.entries])
    expect(store.entries.size).toBeGreaterThan(0)
    for (const secret of [...server.secrets, 'alice', 'session', cookieSecret]) {
      expect(text).not.toContain(secret)
    }
  })

  it('answer in time when the store fails, and recover with it', async () => {
    const { one, two, store, server } = await createFleet()
    const begin = vi.spyOn(store.refreshes, 'begin').mockRejectedValue(new Error('gone'))
    expect(await requestRefresh(one)).toMatchObject({
      status: 503,
      body: { error_code: 'temporarily_unavailable' },
      setCookies: [],
    })
    expect(server.calls.token).toBe(0)
    begin.mockRestore()
    expect(await requestRefresh(two)).toMatchObject(renewed)
  })

  it('send the new cookies when the store fails after the refresh, and offer the result to it again', async () => {
    const { one, two, store, server } = await createFleet()
    const finish = vi.spyOn(store.refreshes, 'finish').mockRejectedValueOnce(new Error('gone'))
    const answer = await requestRefresh(one)
    expect(answer).toMatchObject(renewed)
    await vi.waitUntil(() => finish.mock.calls.length === 2, { timeout: 5000 })
    expect((await requestRefresh(two)).setCookies).toEqual(answer.setCookies)
    expect(server.calls.token).toBe(1)
  })
})
