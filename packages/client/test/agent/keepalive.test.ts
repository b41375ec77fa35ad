// Requests that outlive the page: all of a page share 64 KiB, and a beacon may have used them up.
import { expect, it } from 'vitest'
import { networkError, signedIn } from '../support/fake-agent.ts'
import { createGate, settle } from '../support/gate.ts'
import { comeBack, openSignedInPage } from '../support/page.ts'

/** As browsers answer, at once, when the share is used up. */
const refuseKeepalive = (calls: () => readonly { keepalive: boolean }[]) => () =>
  calls().at(-1)?.keepalive ? networkError : signedIn

it('a sign-in ends although a beacon has used up the share: once more, without keepalive', async () => {
  const page = await comeBack('?code=c&state=s1')
  page.agent.answer(
    'endLogin',
    refuseKeepalive(() => page.agent.calls('endLogin')),
  )
  const loaded = page.client.load()
  await settle()
  page.tab.advance(100)
  expect((await loaded).session.status).toBe('authenticated')
  const calls = page.agent.calls('endLogin')
  expect(calls.map(({ keepalive }) => keepalive)).toEqual([true, false])
  expect(calls[1]?.body).toBe(calls[0]?.body)
})

it('a page that goes away ends its requests too, and sends none again: the first may have arrived', async () => {
  const page = await comeBack('?code=c&state=s1')
  page.agent.answer('endLogin', networkError)
  void page.client.load()
  // Its timers end with it.
  await settle()
  expect(page.agent.calls('endLogin')).toHaveLength(1)
})

it('a request without a body needs no share, and is not sent again', async () => {
  const { client, agent } = await openSignedInPage()
  agent.answer('refresh', networkError)
  await expect(client.refresh()).rejects.toMatchObject({ code: 'refresh_unavailable' })
  expect(agent.calls('refresh')).toHaveLength(1)
})

it('a request that fails later may have arrived, and is not sent again', async () => {
  const page = await comeBack('?code=c&state=s1')
  page.agent.answer('endLogin', () => {
    page.tab.advance(250)
    return networkError
  })
  await page.client.load()
  expect(page.agent.calls('endLogin')).toHaveLength(1)
})

it.each([
  ['before', 'the first fails'],
  ['after', 'the first has failed'],
])('a client that is disposed %s %s lets go of the lock', async (when) => {
  const page = await comeBack('?code=c&state=s1')
  const gate = createGate()
  page.agent.answer('endLogin', () => gate.passed.then(() => networkError))
  page.client.load().catch(() => {})
  await settle()
  if (when === 'before') page.client.dispose()
  gate.open()
  await settle()
  if (when === 'after') page.client.dispose()
  await settle()
  page.tab.advance(3_000)
  await settle()
  expect(await page.tab.platform.heldLocks()).toEqual([])
})
