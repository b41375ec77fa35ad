// What is counted of device binding, what the log says, and what happens while a store is away.
import { expect, test } from 'vitest'
import { createOAuthAgent } from '../../../src/agent/oauth-agent.ts'
import { StoreUnavailable } from '../../../src/store/store-unavailable.ts'
import type { DeviceBindingEvent } from '../../../src/index.ts'
import { createSealer } from '../../../src/sealing/jwe-sealer.ts'
import { noLog } from '../../support/no-log.ts'
import { bind, boundName, offered, offerOf, prove, sendOwn } from '../../support/device.ts'
import { createWorld, signIn } from '../../support/world.ts'

test('registrations, proofs, skips and refusals are counted, each by its name', async () => {
  const world = await createWorld(offered)
  const events: DeviceBindingEvent[] = []
  const agent = createOAuthAgent(world.configuration, {
    fetch: world.server.fetch,
    now: () => world.clock.now,
    log: noLog,
    onDeviceBinding: (event) => void events.push(event),
  })
  const browser = world.newBrowser(agent)
  const offer = offerOf(await signIn(world, browser))
  await sendOwn(browser, '/dbsc/register')
  const binding = await bind(browser, offer)
  await prove(browser, binding)
  browser.cookies.delete(boundName)
  const skipped = { 'secure-session-skipped': 'quota_exceeded;session_identifier="x"' }
  await browser.send('GET', '/session', { headers: skipped })
  await browser.send('GET', '/session')
  await browser.post('/logout')
  await prove(browser, binding)
  expect(events).toEqual([
    'not_registered',
    'registered',
    'challenged',
    'proved',
    'skipped',
    'refused',
    'ended',
  ])
})

test('while the store is away, browsers are asked to come again, and no session ends', async () => {
  const world = await createWorld(offered)
  let isAway = false
  const agent = createOAuthAgent(world.configuration, {
    fetch: world.server.fetch,
    now: () => world.clock.now,
    log: noLog,
    createSealer: (options) => {
      const sealer = createSealer(options)
      return {
        ...sealer,
        open: async (role, sealed) => {
          if (isAway && role === 'session') throw new StoreUnavailable('away')
          return await sealer.open(role, sealed)
        },
      }
    },
  })
  const browser = world.newBrowser(agent)
  const offer = offerOf(await signIn(world, browser))
  isAway = true
  for (const path of ['/dbsc/register', '/dbsc/refresh'] as const) {
    const answer = await sendOwn(browser, path, { id: 'th-x', proof: 'a.b.c' })
    expect(answer).toMatchObject({ status: 503, setCookies: [] })
  }
  isAway = false
  await bind(browser, offer)
  expect((await browser.get('/session')).body).toMatchObject({ is_device_bound: true })
})

test('other methods end nothing, and two session cookies neither', async () => {
  const world = await createWorld(offered)
  const binding = await bind(world.browser, offerOf(await signIn(world, world.browser)))
  for (const method of ['GET', 'PUT', 'DELETE']) {
    expect((await world.browser.send(method, '/dbsc/refresh')).status).toBe(503)
  }
  expect((await world.browser.send('OPTIONS', '/dbsc/refresh')).status).toBe(204)
  const pairs = [...world.browser.cookies].map(([name, value]) => `${name}=${value}`)
  const cookie = [...pairs, ...pairs].join('; ')
  const answer = await sendOwn(world.browser, '/dbsc/refresh', {
    id: binding.id,
    headers: { cookie },
  })
  expect(answer.status).toBe(503)
})
