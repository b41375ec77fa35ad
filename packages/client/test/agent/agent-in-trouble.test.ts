// What users see when the agent does not say who is signed in.
import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { createTokenHandlerClient } from '../../src/index.ts'
import { AGENT_URL, networkError, signedIn } from '../support/fake-agent.ts'
import { settle } from '../support/gate.ts'
import { alice, openPage, openSignedInPage } from '../support/page.ts'

describe('an agent in trouble', () => {
  it.each([
    ['no network', networkError, { code: 'agent_unreachable', retryable: true }],
    ['a 500', { status: 500 }, { code: 'agent_unreachable', retryable: true }],
    ['nonsense', { json: [] }, { code: 'contract_violation', retryable: true }],
    [
      'a refusal',
      { status: 403, json: { error_code: 'untrusted_request' } },
      { code: 'agent_configuration', retryable: false },
    ],
  ] as const)('makes the page say so, and never "signed out": %s', async (_, answer, error) => {
    const page = openPage()
    page.agent.answer('session', answer)
    expect((await page.client.load()).session).toMatchObject({ status: 'error', error })
    expect(page.events).toEqual(['error'])
    expect(page.tab.localStorage.size).toBe(0)
  })

  it('is asked again by a later load, and the promise of the first shows the session too', async () => {
    const page = openPage()
    page.agent.answer('session', networkError)
    const first = await page.client.load()
    page.agent.answer('session', signedIn)
    await page.client.load()
    expect(first.session).toEqual(alice)
  })

  it('leaves a known session on screen, marked stale, until a later load has confirmed it', async () => {
    const page = await openSignedInPage()
    page.agent.answer('session', networkError)
    await expect(page.client.session()).rejects.toMatchObject({ code: 'agent_unreachable' })
    expect(page.client.getSnapshot()).toEqual({ ...alice, stale: true })
    page.agent.answer('session', signedIn)
    expect((await page.client.load()).session).toEqual({ ...alice, stale: true })
    await settle()
    expect(page.client.getSnapshot()).toEqual(alice)
  })
})

it('a session whose claims do not fit the schema is an error that names them, not a session', async () => {
  const { agent, tab } = openPage()
  agent.answer('session', signedIn)
  const client = createTokenHandlerClient({
    agentUrl: AGENT_URL,
    apiUrls: [],
    claims: z.object({ sub: z.string(), email: z.string() }),
    platform: tab.platform,
  })
  const { session } = await client.load()
  expect(session).toMatchObject({ status: 'error', error: { code: 'contract_violation' } })
  expect(session.status === 'error' && session.error.message).toContain('email')
})
