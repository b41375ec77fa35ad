// Routes whose API gets a token of its own (RFC 8693): what is asked for, for how long it is used, and failures.
import { describe, expect, it } from 'vitest'
import { createOAuthProxy } from '../../src/proxy/oauth-proxy.ts'
import { sealerOf } from '../../src/sealing/configured-sealer.ts'
import { sealProxyCookie } from '../../src/sealing/proxy-cookie.ts'
import type { FetchInit } from '../../src/ports.ts'
import { createDeferred } from '../support/deferred.ts'
import { newKey, readProof } from '../support/dpop-keys.ts'
import { noLog } from '../support/no-log.ts'
import { metadata } from '../support/provider.ts'
import { createTestConfiguration } from '../support/world.ts'
import { jwt, startedAt } from './phantom-proxy.ts'
import { ordersRequest } from '../support/orders-request.ts'

interface Answer {
  readonly status?: number
  readonly body: unknown
}

const issued = (accessToken: string, more: object = {}): Answer => ({
  body: {
    access_token: accessToken,
    issued_token_type: 'urn:ietf:params:oauth:token-type:access_token',
    token_type: 'Bearer',
    expires_in: 60,
    ...more,
  },
})

const routes = [
  { path: '/orders', upstream: 'http://orders.internal', exchange: { audience: 'orders' } },
  {
    path: '/stock',
    upstream: 'http://stock.internal',
    audience: 'stock',
    exchange: { resource: 'https://stock.example', scope: 'stock:read' },
  },
  { path: '/plain', upstream: 'http://plain.internal' },
]

/** A proxy in front of an authorization server that answers token requests as told. */
function createProxy(more: object = {}) {
  const configuration = createTestConfiguration({
    configuration: { routes: routes, ...more },
  })
  const clock = { now: startedAt }
  const asked: FetchInit[] = []
  let answer: () => Answer | Promise<Answer> = () => issued(`exchanged-${asked.length}`)
  const proxy = createOAuthProxy(configuration, {
    now: () => clock.now,
    log: noLog,
    async fetch(url, init) {
      if (url.endsWith('/.well-known/openid-configuration')) return Response.json(metadata)
      asked.push(init)
      const { status = 200, body } = await answer()
      return Response.json(body, { status })
    },
  })

  /** Calls an API; resolves with its authorization, or the refusal. */
  async function call(
    target = '/orders/1',
    { accessToken = 'subject', expiresAt = startedAt + 300_000, dpopKey = '' } = {},
  ) {
    const cookie = await sealProxyCookie(sealerOf(configuration, {}), {
      accessToken,
      issuedAt: startedAt,
      expiresAt,
      ...(dpopKey !== '' && { dpopKey }),
    })
    const decision = await proxy.authorize(ordersRequest(cookie, { target }))
    if (decision.kind === 'refuse') return decision
    if (decision.kind !== 'forward') return decision.kind
    return decision.headers[decision.headers.indexOf('authorization') + 1]
  }
  return {
    asked,
    call,
    clock,
    forms: () => asked.map(({ body }) => Object.fromEntries(new URLSearchParams(body ?? ''))),
    answerWith: (next: Answer | (() => Promise<Answer>)) => {
      answer = typeof next === 'function' ? next : () => next
    },
  }
}

describe('a route with exchange', () => {
  it('has the access token exchanged for one of its audience, by the client', async () => {
    const { asked, call, forms } = createProxy()
    expect(await call()).toBe('Bearer exchanged-1')
    expect(forms()).toEqual([
      {
        grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
        subject_token: 'subject',
        subject_token_type: 'urn:ietf:params:oauth:token-type:access_token',
        requested_token_type: 'urn:ietf:params:oauth:token-type:access_token',
        audience: 'orders',
      },
    ])
    expect(asked[0]?.headers['authorization']).toMatch(/^Basic /)
  })

  it('asks for its resource and scope, and its audience is that of the new token', async () => {
    const { answerWith, call, forms } = createProxy()
    const token = jwt({ aud: 'stock' })
    answerWith(issued(token))
    expect(await call('/stock/1')).toBe(`Bearer ${token}`)
    expect(forms()[0]).toMatchObject({ resource: 'https://stock.example', scope: 'stock:read' })
    answerWith(issued(jwt({ aud: 'orders' })))
    const other = await call('/stock/1', { accessToken: 'other' })
    expect(other).toMatchObject({ code: 'unauthorized' })
  })

  it('leaves other routes the token of the session, and asks nobody', async () => {
    const { asked, call } = createProxy()
    expect(await call('/plain')).toBe('Bearer subject')
    expect(asked).toEqual([])
  })

  it('asks once for all who wait, and again for another route or another access token', async () => {
    const { answerWith, asked, call } = createProxy()
    const gate = createDeferred<Answer>()
    answerWith(() => gate.promise)
    const calls = Promise.all([call(), call(), call('/orders/2')])
    gate.resolve(issued('for orders'))
    expect(await calls).toEqual(Array.from({ length: 3 }, () => 'Bearer for orders'))
    expect(asked).toHaveLength(1)
    answerWith(issued(jwt({ aud: 'stock' })))
    await call('/stock/1')
    await call('/orders/1', { accessToken: 'renewed' })
    expect(asked).toHaveLength(3)
  })

  it('uses the token until shortly before its end, and never beyond the session’s own', async () => {
    const { asked, call, clock } = createProxy()
    const session = { expiresAt: startedAt + 80_000 }
    await call('/orders/1', session)
    clock.now = startedAt + 54_000
    await call('/orders/1', session)
    expect(asked).toHaveLength(1)
    clock.now = startedAt + 55_000
    expect(await call('/orders/1', session)).toBe('Bearer exchanged-2')
    clock.now = startedAt + 80_000
    expect(await call('/orders/1', session)).toMatchObject({ code: 'unauthorized' })
    expect(asked).toHaveLength(2)
  })

  it.each([
    ['invalid_request', 'unauthorized'],
    ['invalid_grant', 'unauthorized'],
    ['login_required', 'unauthorized'],
    ['invalid_target', 'token_exchange_failed'],
    ['invalid_scope', 'token_exchange_failed'],
    ['unauthorized_client', 'token_exchange_failed'],
    ['unsupported_grant_type', 'token_exchange_failed'],
    ['made_up', 'token_exchange_failed'],
  ])('that is refused with %s answers %s, and asks again in a while', async (error, code) => {
    const { answerWith, asked, call, clock } = createProxy()
    answerWith({ status: 400, body: { error } })
    expect(await call()).toMatchObject({ kind: 'refuse', code })
    expect(await call()).toMatchObject({ code })
    expect(asked).toHaveLength(1)
    clock.now += 2000
    answerWith(issued('now it works'))
    expect(await call()).toBe('Bearer now it works')
  })

  it.each([
    ['an outage', { status: 503, body: {} }],
    ['an error that may pass', { status: 400, body: { error: 'temporarily_unavailable' } }],
    ['something that is no access token', issued('x', { issued_token_type: 'urn:x:saml2' })],
    ['a token of another type', issued('x', { token_type: 'N_A' })],
    ['a bound token where none was asked for', issued('x', { token_type: 'DPoP' })],
  ])('is for later with %s, and asks again at once', async (_title, answer) => {
    const { answerWith, asked, call } = createProxy()
    answerWith(answer)
    const refused = await call()
    expect(refused).toMatchObject({
      code: 'temporarily_unavailable',
      headers: { 'retry-after': '1' },
    })
    await call()
    expect(asked).toHaveLength(2)
  })

  it('exchanges a bound token for one that is bound to the same key', async () => {
    const more = { client: { dpopKeys: [newKey.privateJwk] } }
    const { answerWith, asked, call } = createProxy(more)
    answerWith(issued('bound', { token_type: 'DPoP' }))
    expect(await call('/orders/1', { dpopKey: newKey.thumbprint })).toBe('DPoP bound')
    const proof = await readProof(asked[0]?.headers['dpop'])
    expect(proof).toMatchObject({ thumbprint: newKey.thumbprint, payload: { htm: 'POST' } })
    answerWith(issued('not bound'))
    const session = { accessToken: 'other', dpopKey: newKey.thumbprint }
    expect(await call('/orders/1', session)).toMatchObject({ code: 'temporarily_unavailable' })
  })

  it('is exchanged as it is, and not introspected before', async () => {
    const { asked, call, forms } = createProxy({ introspection: { enabled: true } })
    expect(await call('/orders/1', { accessToken: 'opaque' })).toBe('Bearer exchanged-1')
    expect(asked).toHaveLength(1)
    expect(forms()[0]).toMatchObject({ subject_token: 'opaque' })
  })
})
