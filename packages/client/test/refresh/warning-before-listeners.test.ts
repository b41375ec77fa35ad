// The warning that the session will end soon, where the session is known before anybody listens: handed over by another
// tab or asked for early, it may be there before the app has been drawn.
import { expect, it } from 'vitest'
import { createTokenHandlerClient } from '../../src/index.ts'
import { AGENT_URL, createFakeAgent, signedIn } from '../support/fake-agent.ts'
import { createFakeTab, START } from '../support/fake-platform.ts'
import { settle } from '../support/gate.ts'

const endsIn = (seconds: number) => ({ json: { ...signedIn.json, session_expires_in: seconds } })

/** A page whose session ends in 100 seconds, and to which nobody listens yet. */
async function loadUnheard() {
  const agent = createFakeAgent()
  const tab = createFakeTab(agent.fetch)
  const client = createTokenHandlerClient({ agentUrl: AGENT_URL, platform: tab.platform })
  agent.answer('session', endsIn(100))
  await client.load()
  tab.advance(0)
  await settle()
  return { agent, tab, client, warnings: [] as number[] }
}

it('reaches whoever listens first, once', async () => {
  const { client, warnings } = await loadUnheard()
  const listen = () => client.on('sessionExpiring', (told) => warnings.push(told.sessionExpiresAt))
  listen()
  // Not in the middle of the call.
  expect(warnings).toEqual([])
  await settle()
  expect(warnings).toEqual([START + 100_000])
  listen()
  await settle()
  expect(warnings).toHaveLength(1)
})

it('reaches a listener that replaces one at once, as in strict mode', async () => {
  const { client, warnings } = await loadUnheard()
  const listen = () => client.on('sessionExpiring', (told) => warnings.push(told.sessionExpiresAt))
  listen()()
  listen()
  await settle()
  expect(warnings).toEqual([START + 100_000])
})

it('is not about a session that has been replaced since', async () => {
  const { client, agent, warnings } = await loadUnheard()
  agent.answer('session', endsIn(10_000))
  await client.session()
  client.on('sessionExpiring', (told) => warnings.push(told.sessionExpiresAt))
  await settle()
  expect(warnings).toEqual([])
})
