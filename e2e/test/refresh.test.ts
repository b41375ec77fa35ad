// Expired access tokens in a real browser: every call succeeds, and the agent is asked once.
import { afterEach, describe, expect } from 'vitest'
import { test } from '../src/engines/index.ts'
import { openSdkPage } from '../src/sdk-page.ts'
import { startWorld } from '../src/engine-world.ts'
import type { World } from '../src/engine-world.ts'

let world: World
afterEach(() => world.stop())

const refreshes = () =>
  world.stack.agentCalls().filter(({ operation }) => operation === 'refresh').length

describe.each([
  ['rotates refresh tokens', true],
  ['keeps refresh tokens', false],
])('with an authorization server that %s', (_title, refreshTokenRotation) => {
  test('ten parallel calls with an expired access token cause one refresh and all succeed', async () => {
    world = await startWorld({ refreshTokenRotation })
    const visitor = await world.newVisitor()
    await visitor.open('/orders')
    await visitor.signIn('alice')
    const page = await openSdkPage(world, visitor)
    // The app's own tab has calls of its own to make, which are not to be counted here.
    await visitor.page.close()

    for (let round = 1; round <= 3; round += 1) {
      await world.stack.controls.expireAccessTokens()
      const statuses = await page.evaluate(
        (url) =>
          Promise.all(
            Array.from({ length: 10 }, async () => (await window.tokenHandler.fetch(url)).status),
          ),
        `${world.stack.urls.api}/orders`,
      )
      expect(statuses).toEqual(Array.from({ length: 10 }, () => 200))
      expect(refreshes()).toBe(round)
    }
  })
})

test('a session that has ended at the authorization server ends in the app, which says so', async () => {
  world = await startWorld()
  const visitor = await world.newVisitor()
  await visitor.open('/orders')
  await visitor.signIn('bob')
  await world.stack.controls.endSessions()
  await world.stack.controls.expireAccessTokens()

  await visitor.open('/orders')
  await visitor.page.getByRole('heading', { name: 'Your session has ended' }).waitFor()
  expect(refreshes()).toBe(1)
  expect(await visitor.context.cookies(world.stack.urls.handler)).toEqual([])
})
