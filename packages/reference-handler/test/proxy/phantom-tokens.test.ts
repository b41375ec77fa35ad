// Opaque access tokens that reach the API as JWTs, and when they are asked about again.
import { describe, expect, it } from 'vitest'
import { createDeferred } from '../support/deferred.ts'
import { issuer } from '../support/provider.ts'
import { accessTokenJwt, createPhantomProxy, inSeconds, jwt, startedAt } from './phantom-proxy.ts'
import type { Answer } from './phantom-proxy.ts'

describe('an opaque access token', () => {
  it('reaches the API as the JWT that the authorization server gives for it', async () => {
    const { asked, call } = createPhantomProxy()
    expect(await call()).toBe(accessTokenJwt())
    const [request] = asked
    expect(request).toMatchObject({ method: 'POST', redirect: 'manual' })
    expect(String(request?.body)).toBe('token=opaque&token_type_hint=access_token')
    expect(request?.headers['authorization']).toMatch(/^Basic /)
    expect(request?.headers['accept']).toContain('application/token-introspection+jwt')
  })

  it('reaches the API as an introspection response, where the authorization server answers so', async () => {
    const { answerWith, call } = createPhantomProxy()
    const exp = inSeconds(startedAt) + 60
    const body = jwt({ iss: issuer, token_introspection: { active: true, exp } })
    answerWith({ type: 'application/token-introspection+jwt; charset=utf-8', body })
    expect(await call()).toBe(body)
  })

  it('is exchanged once for all who wait for it, and again only when its time is over', async () => {
    const { answerWith, asked, call, clock } = createPhantomProxy({ keptFor: 30 })
    const gate = createDeferred<Answer>()
    answerWith(() => gate.promise)
    const calls = Promise.all([call(), call(), call()])
    gate.resolve({ body: accessTokenJwt() })
    expect(new Set(await calls).size).toBe(1)
    clock.now += 29_999
    await call()
    expect(asked).toHaveLength(1)
    clock.now += 1
    await call()
    expect(asked).toHaveLength(2)
    await call('another')
    expect(asked).toHaveLength(3)
  })

  it.each([
    ['the authorization server says so', {}, { 'cache-control': 'private, max-age=7' }, 7],
    ['the JWT expires', { exp: inSeconds(startedAt) + 3 }, {}, 3],
    ['the authorization server says at once', {}, { 'cache-control': 'max-age=0' }, 0],
  ])('is exchanged again earlier when %s', async (_title, claims, headers, seconds) => {
    const { answerWith, asked, call, clock } = createPhantomProxy()
    answerWith({ body: accessTokenJwt(claims), headers })
    await call()
    clock.now += Math.max(0, seconds * 1000 - 1)
    await call()
    expect(asked).toHaveLength(seconds === 0 ? 2 : 1)
    clock.now += 1
    await call()
    expect(asked).toHaveLength(seconds === 0 ? 3 : 2)
  })

  it.each<[string, Answer]>([
    ['204', { status: 204 }],
    ['JSON', { type: 'application/json', body: '{"active":false}' }],
    ['a JWT about it', { body: jwt({ token_introspection: { active: false } }) }],
    ['a JWT that has expired', { body: accessTokenJwt({ exp: inSeconds(startedAt) }) }],
  ])('that is not active, said by %s, is an expired one', async (_title, answer) => {
    const { answerWith, call } = createPhantomProxy()
    answerWith(answer)
    expect(await call()).toMatch(/^unauthorized: .*not active/)
  })

  it('that is not active is not asked about again for a moment', async () => {
    const { answerWith, asked, call, clock } = createPhantomProxy({ inactiveKeptFor: 2 })
    answerWith({ status: 204 })
    await call()
    clock.now += 1999
    await call()
    expect(asked).toHaveLength(1)
    clock.now += 1
    answerWith({ body: accessTokenJwt() })
    expect(await call()).toBe(accessTokenJwt())
  })

  it.each<[string, Answer]>([
    ['fails', { status: 500 }],
    ['refuses the client', { status: 401 }],
    ['talks nonsense', { body: 'nonsense' }],
    ['encrypts', { body: 'a.b.c.d.e' }],
    ['answers HTML', { type: 'text/html', body: '<p>' }],
    ['knows JSON only', { type: 'application/json', body: '{"active":true}' }],
  ])('is never sent to the API itself when the authorization server %s', async (_title, answer) => {
    const { answerWith, asked, call } = createPhantomProxy()
    answerWith(answer)
    expect(await call()).toMatch(/^temporarily_unavailable: /)
    answerWith({ body: accessTokenJwt() })
    expect(await call()).toBe(accessTokenJwt())
    expect(asked).toHaveLength(2)
  })

  it('whose JWT is too old is not helped by an authorization server that is down', async () => {
    const { answerWith, call, clock } = createPhantomProxy()
    await call()
    clock.now += 30_000
    answerWith({ status: 503 })
    expect(await call()).toMatch(/^temporarily_unavailable: /)
  })

  it('that has expired by what the cookie says is answered at once', async () => {
    const { asked, call } = createPhantomProxy()
    expect(await call('opaque', startedAt)).toMatch(/^unauthorized: .*expired/)
    expect(asked).toEqual([])
  })
})

describe('a JWT as access token', () => {
  it('needs no exchange', async () => {
    const { asked, call } = createPhantomProxy()
    expect(await call(accessTokenJwt())).toBe(accessTokenJwt())
    expect(asked).toEqual([])
  })
})
