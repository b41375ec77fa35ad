// A route with an audience: an API gets only access tokens that name it.
import { describe, expect, it } from 'vitest'
import { sealerOf } from '../../../packages/reference-handler/src/sealing/configured-sealer.ts'
import { requestText, sendRaw } from '../../../packages/reference-handler/test/hosts/raw-http.ts'
import { isPluginMissing } from '../src/programs.ts'
import { shareGateway } from '../src/shared-gateway.ts'

const jwt = (claims: unknown) =>
  ['{"alg":"none"}', JSON.stringify(claims), 'signature']
    .map((part) => Buffer.from(part).toString('base64url'))
    .join('.')

describe.skipIf(isPluginMissing())('a route with an audience, in nginx', () => {
  const gateway = shareGateway({
    change: (settings) => {
      const [route] = (settings as { routes: object[] }).routes
      return { ...settings, routes: [{ ...route, audience: 'orders' }] }
    },
  })

  it.each([
    ['names it', jwt({ aud: 'orders' }), 200],
    ['names it among others', jwt({ aud: ['reports', 'orders'] }), 200],
    ['names it in an introspection response', jwt({ token_introspection: { aud: 'orders' } }), 200],
    ['names another', jwt({ aud: 'reports' }), 401],
    ['names one that only begins so', jwt({ aud: 'orders2' }), 401],
    [
      'names it outside of an introspection response',
      jwt({ aud: 'orders', token_introspection: {} }),
      401,
    ],
    ['names none', jwt({ sub: 'alice' }), 401],
    ['has null for one', jwt({ aud: null }), 401],
    ['is a list', jwt(['orders']), 401],
    ['is opaque', 'orders', 401],
    ['is a JWT no more', `${jwt({ aud: 'orders' })}.x`, 401],
  ])('gets a token that %s, or refuses it', async (_title, token, status) => {
    const sealed = await sealerOf(gateway.handler.configuration, {}).seal('proxy', [token, 1, null])
    const lines = gateway.goodLines.map((line) =>
      line.startsWith('Cookie') ? `Cookie: __Host-Http-th-at=${sealed}` : line,
    )
    // Twice: once opened, and once remembered.
    for (let time = 0; time < 2; time += 1) {
      const answer = await sendRaw(gateway.port, requestText('GET', '/api', lines))
      expect(answer.status).toBe(status)
    }
    expect(gateway.upstreamRequests).toHaveLength(status === 200 ? 2 : 0)
  })
})
