// Claims through the schema libraries of the field, from the agent to the session.
import * as v from 'valibot'
import { describe, expect, expectTypeOf, it } from 'vitest'
import * as z from 'zod'
import * as mini from 'zod/mini'
import { createTokenHandlerClient } from '../../src/index.ts'
import type { Session } from '../../src/index.ts'
import { AGENT_URL, createFakeAgent } from '../support/fake-agent.ts'
import { createFakeTab } from '../support/fake-platform.ts'

interface User {
  sub: string
  roles: string[]
}

const schemas = {
  zod: z.object({ sub: z.string(), roles: z.array(z.string()) }),
  'zod/mini': mini.object({ sub: mini.string(), roles: mini.array(mini.string()) }),
  valibot: v.object({ sub: v.string(), roles: v.array(v.string()) }),
}

describe.each(Object.keys(schemas) as (keyof typeof schemas)[])('a claims schema of %s', (name) => {
  async function load(id_token_claims: unknown): Promise<Session<User>> {
    const agent = createFakeAgent()
    agent.answer('session', { json: { is_logged_in: true, id_token_claims } })
    const client = createTokenHandlerClient<User>({
      agentUrl: AGENT_URL,
      apiUrls: [],
      claims: schemas[name],
      platform: createFakeTab(agent.fetch).platform,
    })
    return (await client.load()).session
  }

  it('lets claims through that fit it', async () => {
    const session = await load({ sub: 'alice', roles: ['buyer'], extra: true })
    expect(session).toMatchObject({
      status: 'authenticated',
      claims: { sub: 'alice', roles: ['buyer'] },
    })
  })

  it('names the paths of claims that do not, and shows nobody as signed in', async () => {
    expect(await load({ sub: 'alice', roles: ['buyer', 5] })).toMatchObject({
      status: 'error',
      error: {
        code: 'contract_violation',
        message: expect.stringContaining('roles.1') as string,
        retryable: false,
      },
    })
  })
})

it('the claims have the type that the schema gives them', () => {
  const options = { agentUrl: AGENT_URL, apiUrls: [] }
  const client = createTokenHandlerClient({ ...options, claims: schemas.valibot })
  expectTypeOf(client.getSnapshot()).toEqualTypeOf<Session<User>>()
})
