// What only a fresh sign-in allows: cancelling an order.
import { decodeJwt } from 'jose'
import { describe, expect, test } from 'vitest'
import { refresh, signInForTokens } from './authorization-client.ts'
import { useAuthorizationServer } from './authorization-server-fixture.ts'
import { createToken, useDemoApi } from './demo-api-fixture.ts'
import { createVisitor } from './visitor.ts'

describe('cancelling an order', () => {
  const api = useDemoApi()
  const cancel = (token: string, id: string) =>
    api.call(`/orders/${id}`, token, { method: 'DELETE' })

  test('works soon after the sign-in, once', async () => {
    const token = await createToken({ signedInFor: 50 })

    expect((await cancel(token, '1001')).status).toBe(204)

    expect((await api.call('/orders/1001', token)).status).toBe(404)
    expect((await cancel(token, '1001')).status).toBe(404)
  })

  test.for([{ signedInFor: 70 }, {}])(
    'asks for a fresher sign-in when the last one was %j ago',
    async (changes) => {
      const token = await createToken(changes)

      const { status, headers } = await cancel(token, '1001')

      expect(status).toBe(401)
      expect(headers.get('www-authenticate')).toMatch(
        /^Bearer error="insufficient_user_authentication", .*max_age="60"$/,
      )
      expect((await api.call('/orders/1001', token)).status).toBe(200)
    },
  )

  test('is not for the orders of somebody else', async () => {
    const bob = await createToken({ subject: 'bob', signedInFor: 1 })

    expect((await cancel(bob, '1001')).status).toBe(404)
  })
})

describe('an access token', () => {
  const start = useAuthorizationServer()

  test('says when the user signed in, and a refreshed one says the same', async () => {
    const { issuer } = await start()
    const before = Math.floor(Date.now() / 1000)
    const tokens = await signInForTokens(issuer, createVisitor())

    const signedInAt = decodeJwt(tokens.access_token)['auth_time']
    const refreshed = await refresh(issuer, tokens.refresh_token)

    expect(signedInAt).toBeGreaterThanOrEqual(before)
    expect(decodeJwt(refreshed.access_token ?? '')['auth_time']).toBe(signedInAt)
  })
})
