// The cache of API answers: when it is forgotten, and what is asked again.
import { TokenHandlerError } from '@token-handler/client'
import { beforeEach, describe, expect, test } from 'vitest'
import { ApiError } from '../src/orders-api.ts'
import { createQueryClient, isRetryable } from '../src/query-client.ts'
import { createTokenHandler } from '../src/token-handler.ts'
import { agent } from './mock-servers.ts'

describe('the cache of a signed-in user', () => {
  const client = createTokenHandler({ navigate: () => {} })
  const queryClient = createQueryClient(client)

  beforeEach(async () => {
    agent.signIn('alice')
    await client.session()
    queryClient.setQueryData(['orders'], ['a secret order'])
  })

  test('is empty after a sign-out', async () => {
    await client.logout()
    expect(queryClient.getQueryData(['orders'])).toBeUndefined()
  })

  test('is empty after the session has expired', async () => {
    agent.expireSession()
    await expect(client.refresh()).rejects.toMatchObject({ code: 'session_expired' })
    expect(queryClient.getQueryData(['orders'])).toBeUndefined()
  })

  test('is kept when the agent cannot be reached', async () => {
    agent.failNext('refresh', 'network-error')
    await expect(client.refresh()).rejects.toMatchObject({ code: 'refresh_unavailable' })
    expect(queryClient.getQueryData(['orders'])).toEqual(['a secret order'])
  })
})

test.each([
  ['an expired session', new TokenHandlerError('session_expired', ''), false],
  ['a failed refresh', new TokenHandlerError('refresh_unavailable', '', { retryable: true }), true],
  ['an order that was refused', new ApiError(400), false],
  ['an API that is down', new ApiError(502), true],
  ['a lost connection', new TypeError('Failed to fetch'), true],
])('after %s the question is asked again only if that can help', (_title, error, expected) => {
  expect(isRetryable(error)).toBe(expected)
})
