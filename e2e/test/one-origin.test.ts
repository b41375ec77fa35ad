// App, agent and API on one origin: nothing needs CORS, and everything else stays as it is.
import { expect, onTestFinished } from 'vitest'
import { startWorld } from '../src/engine-world.ts'
import { test } from '../src/engines/index.ts'

test('a user signs in, refreshes and signs out without a single preflight', async () => {
  const world = await startWorld({ oneOrigin: true })
  onTestFinished(() => world.stop())
  const { stack } = world
  const { page, context, open, signIn, signOut } = await world.newVisitor()
  await open('/orders')
  await signIn('alice')
  const orders = page.getByRole('list', { name: 'Orders' })
  await orders.waitFor()
  await page.getByText('Live: orders from other tabs').waitFor()

  await stack.controls.expireAccessTokens()
  await page.reload()
  await orders.waitFor()
  const calls = stack.agentCalls()
  expect(calls.filter(({ operation }) => operation === 'refresh')).toHaveLength(1)
  expect(calls.filter(({ method }) => method === 'OPTIONS')).toEqual([])

  await signOut()
  await page.getByRole('button', { name: 'Sign in to order' }).waitFor()
  expect(await context.cookies(stack.urls.spa)).toEqual([])
})
