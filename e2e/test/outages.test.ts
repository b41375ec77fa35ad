// The authorization server or the API is out of order: the app says so, keeps the session, and recovers.
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { eventually } from '../src/eventually.ts'
import type { Visitor } from '../src/world.ts'
import { startWorld } from '../src/world.ts'
import type { World } from '../src/world.ts'

let world: World
let visitor: Visitor

beforeAll(async () => {
  world = await startWorld({
    // The shortest time-out that can be configured, for the slow case.
    configure: (configuration) => ({
      ...configuration,
      authorizationServer: { ...configuration.authorizationServer, timeout: 1 },
    }),
  })
})
afterAll(() => world.stop())

/** The status of the last refresh that was answered; the live list may be asking for another one. */
const lastRefresh = () =>
  world.stack
    .agentCalls()
    .findLast(({ operation, status }) => operation === 'refresh' && status !== undefined)?.status

const cookies = () => visitor.context.cookies(world.stack.urls.handler)

describe.each(['down', 'slow', 'error', 'nonsense'] as const)(
  'while the authorization server is %s',
  (availability) => {
    beforeEach(async () => {
      visitor = await world.newVisitor()
      await visitor.open('/orders')
      return async () => {
        await world.stack.controls.setAuthorizationServer('up')
        await visitor.context.close()
      }
    })

    test('a refresh answers 502, cookies are kept, the app says so and recovers', async () => {
      const { page } = visitor
      await visitor.signIn('alice')
      await page.getByRole('list', { name: 'Orders' }).waitFor()
      const before = await cookies()

      await world.stack.controls.expireAccessTokens()
      await world.stack.controls.setAuthorizationServer(availability)
      await page.reload()
      await page.getByText('We cannot reach the sign-in service; you can keep working.').waitFor()
      await page.getByRole('button', { name: 'Try again' }).waitFor()
      expect(lastRefresh()).toBe(502)
      expect(await cookies()).toEqual(before)

      await world.stack.controls.setAuthorizationServer('up')
      await page.getByRole('button', { name: 'Try again' }).click()
      await page.getByRole('list', { name: 'Orders' }).waitFor()
      expect(lastRefresh()).toBe(200)
      await eventually(() => page.getByText('We cannot reach the sign-in service').count()).toBe(0)
    })
  },
)

test('a sign-in that cannot start says so, and succeeds when the authorization server is back', async () => {
  // A stack of its own: this agent has never reached the authorization server.
  const fresh = await startWorld()
  onTestFinished(() => fresh.stop())
  const { page, open, signIn } = await fresh.newVisitor()
  await fresh.stack.controls.setAuthorizationServer('down')
  await open('/orders')
  await page.getByRole('main').getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('alert').waitFor()
  expect(fresh.stack.agentCalls().at(-1)).toMatchObject({ operation: 'startLogin', status: 502 })

  await fresh.stack.controls.setAuthorizationServer('up')
  await signIn('bob')
  await page.getByRole('list', { name: 'Orders' }).waitFor()
})

test('an API that is down is no reason to sign out, and the app recovers when it is back', async () => {
  visitor = await world.newVisitor()
  const { page } = visitor
  await visitor.open('/orders')
  await visitor.signIn('alice')
  await world.stack.controls.setApi('down')
  await page.reload()
  await page.getByRole('button', { name: 'Try again' }).waitFor()

  await world.stack.controls.setApi('up')
  await page.getByRole('button', { name: 'Try again' }).click()
  await page.getByRole('list', { name: 'Orders' }).waitFor()
  expect(await cookies()).toHaveLength(2)
})
