// A browser that binds no sessions to its device, at an agent that offers it: all is as it is without.
import { afterAll, beforeAll, expect } from 'vitest'
import { startWorld } from '../src/engine-world.ts'
import type { World } from '../src/engine-world.ts'
import { test } from '../src/engines/index.ts'
import { eventually } from '../src/eventually.ts'
import { openSdkPage } from '../src/sdk-page.ts'

let world: World
beforeAll(async () => {
  world = await startWorld({
    configure: (defaults) => ({
      ...defaults,
      // The shortest time in which a browser could register.
      refresh: { freshFor: 1 },
      deviceBinding: { mode: 'offer' },
    }),
  })
})
afterAll(() => world.stop())

test('a user signs in, refreshes and signs out, and no session is bound', async () => {
  const { stack } = world
  const visitor = await world.newVisitor()
  await visitor.open('/orders')
  await visitor.signIn('alice')
  await visitor.page.getByRole('list', { name: 'Orders' }).waitFor()

  const page = await openSdkPage(world, visitor)
  await stack.controls.expireAccessTokens()
  const call = () =>
    page.evaluate(
      async (url) => (await window.tokenHandler.fetch(url).catch(() => undefined))?.status,
      `${stack.urls.api}/orders`,
    )
  await eventually(call).toBe(200)
  expect(stack.agentCalls().some(({ operation }) => operation === 'refresh')).toBe(true)
  const session = await page.evaluate(() => window.tokenHandler.session())
  expect(session).toMatchObject({ status: 'authenticated', claims: { sub: 'alice' } })
  expect(session).not.toHaveProperty('isDeviceBound', true)
  const names = (await visitor.context.cookies(stack.urls.handler)).map(({ name }) => name)
  expect(names.toSorted()).toEqual(['__Host-Http-th-at', '__Host-Http-th-session'])
  const own = world.fronts.handler.exchanges().filter(({ url }) => url.includes('/dbsc/'))
  expect(own).toEqual([])

  await visitor.signOut()
  await visitor.page.getByRole('button', { name: 'Sign in to order' }).waitFor()
  expect(await visitor.context.cookies(stack.urls.handler)).toEqual([])
})
