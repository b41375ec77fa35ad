// App, agent and API on one origin: nothing needs CORS, and everything else stays as it is.
import { startLocalStack } from '@token-handler/local-stack'
import { expect, onTestFinished, test } from 'vitest'
import { launchBrowser } from '../src/browser.ts'
import { findFreePort } from '../src/free-port.ts'
import { startOneOriginSite } from '../src/one-origin-site.ts'
import { createVisitor } from '../src/visitor.ts'

test('a user signs in, refreshes and signs out without a single preflight', async () => {
  const port = await findFreePort()
  const stack = await startLocalStack({
    ports: { spa: port, handler: 0, authorizationServer: 0, api: 0, control: 0 },
    log: { level: 'error' },
  })
  onTestFinished(() => stack.stop())
  onTestFinished(await startOneOriginSite({ port, handlerUrl: stack.urls.handler }))
  const browser = await launchBrowser()
  onTestFinished(() => browser.close())

  const { page, context, open, signIn, signOut } = await createVisitor(browser, stack.urls.spa)
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
