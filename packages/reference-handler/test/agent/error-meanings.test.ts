// What each error code of the authorization server does to a session, by the one table of them.
import { describe, expect, it } from 'vitest'
import { errorMeanings } from '../../src/oauth-client/error-meanings.ts'
import type { Meaning } from '../../src/oauth-client/error-meanings.ts'
import { createSignedInWorld, isSignedIn } from '../support/world.ts'
import type { WorldOptions } from '../support/world.ts'

/** What the SPA is answered, and whether the session goes on. */
const outcomes: Readonly<
  Record<Meaning, readonly [status: number, code: string, goesOn: boolean]>
> = {
  'session over': [401, 'session_expired', false],
  'sign in again': [401, 'session_expired', false],
  later: [502, 'authorization_server_error', true],
  'our mistake': [400, 'authorization_error', true],
}

/** Answers a refresh with an error, and tells what became of it. */
async function refreshWith(error: string, status: number, options: WorldOptions = {}) {
  const world = await createSignedInWorld(options)
  world.server.override('token', () => Response.json({ error }, { status }))
  const answer = await world.browser.post('/refresh')
  return [answer.status, answer.body['error_code'], await isSignedIn(world.browser)]
}

describe.each([...errorMeanings])('%s', (error, { meaning, about }) => {
  it.each([400, 401, 200])('means the same at a refresh, with status %d', async (status) => {
    expect(await refreshWith(error, status)).toEqual(outcomes[meaning])
  })

  it('means the same with a 5xx', async () => {
    expect(await refreshWith(error, 503)).toEqual(outcomes[meaning])
  })

  it('with refresh.endsOn refusal, a mistake about the client ends no session', async () => {
    const ends = await refreshWith(error, 400, {
      configuration: { refresh: { endsOn: 'refusal' } },
    })
    const isEnd = about === 'request'
    expect(ends).toEqual(isEnd ? outcomes['session over'] : outcomes[meaning])
  })
})

it('an unknown code is a refusal that ends no session, and with a 5xx one that may pass', async () => {
  expect(await refreshWith('made_up', 400)).toEqual(outcomes['our mistake'])
  expect(await refreshWith('made_up', 500)).toEqual(outcomes.later)
})
