// Service workers write to caches that heed no `no-store`: what the agent answers, no such cache gives back.
import { afterAll, beforeAll, describe, expect } from 'vitest'
import { startWorld } from '../src/engine-world.ts'
import type { Visitor, World } from '../src/engine-world.ts'
import { test } from '../src/engines/index.ts'

let world: World
let visitor: Visitor
beforeAll(async () => {
  world = await startWorld()
  visitor = await world.newVisitor()
  await visitor.open('/orders')
  await visitor.signIn('alice')
  await visitor.page.getByRole('list', { name: 'Orders' }).waitFor()
})
afterAll(() => world.stop())

/** Does what a worker with "stale while revalidate" does, and tells what it would give the next time. */
const keep = (url: string): Promise<{ answered: number; kept: string | undefined }> =>
  visitor.page.evaluate(async (address) => {
    const request = new Request(address, {
      credentials: 'include',
      headers: { 'token-handler-version': '1' },
    })
    const cache = await caches.open('worker')
    const answer = await fetch(request)
    // Some engines refuse to store it, the others never find it again.
    await cache.put(request, answer.clone()).catch(() => {})
    const found = await cache.match(request)
    return { answered: answer.status, kept: await found?.text() }
  }, url)

describe('a cache of a service worker', () => {
  test('gives back nothing that the agent has answered', async () => {
    const { answered, kept } = await keep(`${world.stack.urls.agent}/session`)
    expect(answered).toBe(200)
    expect(kept).toBeUndefined()
  })

  test('gives back what does not vary by everything: the question is a fair one', async () => {
    const { answered, kept } = await keep(`${world.stack.urls.api}/orders`)
    expect(answered).toBe(200)
    expect(kept).toContain('orders')
  })
})
