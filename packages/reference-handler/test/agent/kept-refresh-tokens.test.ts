// A refresh token that was received is never lost, whatever else is wrong with the answer it came in.
import { describe, expect, it } from 'vitest'
import { proxyName, renewed, sessionName } from '../support/answers.ts'
import { createDeferred } from '../support/deferred.ts'
import { createManualTime } from '../support/manual-time.ts'
import { createSignedInWorld, isSignedIn } from '../support/world.ts'
import type { World } from '../support/world.ts'

/** Changes what the token endpoint answers, once. */
function changeAnswer({ server }: World, change: (tokens: Record<string, unknown>) => unknown) {
  server.override('token', async (_url, init) => {
    server.override('token', undefined)
    const tokens = await (await server.respond('token', init)).json()
    return Response.json(change(tokens))
  })
}

describe('a refresh goes on with the claims of before', () => {
  it.each([
    ['has expired', { exp: 1_600_000_000 }],
    ['is not valid yet', { nbf: 4_000_000_000 }],
    ['is for another client', { aud: 'another client' }],
    ['is from another issuer', { iss: 'https://evil.example' }],
    ['has no iat', { iat: null }],
  ])('when its ID token %s', async (_, claims) => {
    const world = await createSignedInWorld()
    world.server.changeIdTokens({ name: 'Mallory', ...claims })
    expect(await world.browser.post('/refresh')).toMatchObject(renewed)
    const { body } = await world.browser.get('/session')
    expect(body).toMatchObject({ id_token_claims: { sub: 'alice', name: 'Name of alice' } })
    expect(world.lines.join()).toContain('the ID token cannot be used; the claims stay')
    expect(await world.browser.post('/refresh')).toMatchObject(renewed)
  })

  it.each([
    ['whose signature is not right', (token: string) => token.replace(/[^.]{10}$/, 'AAAAAAAAAA')],
    ['that is no JWT', () => 'no.jwt'],
  ])('when it has an ID token %s', async (_, mangle) => {
    const world = await createSignedInWorld()
    changeAnswer(world, (tokens) => ({ ...tokens, id_token: mangle(String(tokens['id_token'])) }))
    expect(await world.browser.post('/refresh')).toMatchObject(renewed)
    expect(await world.browser.post('/refresh')).toMatchObject(renewed)
  })

  it('when the signing keys cannot be had', async () => {
    const world = await createSignedInWorld()
    world.clock.now += 300_000
    world.server.override('jwks', () => Response.json({ keys: [] }))
    expect(await world.browser.post('/refresh')).toMatchObject(renewed)
    expect(await world.browser.post('/refresh')).toMatchObject(renewed)
  })

  it.each([
    ['expires_in', -1],
    ['expires_in', 'soon'],
    ['expires_in', 1e308],
    ['refresh_token_expires_in', 1e308],
    ['scope', { read: true }],
    ['id_token', 7],
  ])('when its answer has the %s %j', async (name, value) => {
    const world = await createSignedInWorld()
    changeAnswer(world, (tokens) => ({ ...tokens, [name]: value }))
    expect(await world.browser.post('/refresh')).toMatchObject({ status: 200 })
    expect(await world.browser.post('/refresh')).toMatchObject(renewed)
    expect(await isSignedIn(world.browser)).toBe(true)
  })
})

describe('a refresh without a usable access token', () => {
  const unusable: [string, Record<string, unknown>][] = [
    ['no access token', { access_token: undefined }],
    ['an access token that is no text', { access_token: 7 }],
    ['another token type', { token_type: 'DPoP' }],
    ['no token type', { token_type: undefined }],
    ['an access token that fits into no cookie', { access_token: 'x'.repeat(6000) }],
  ]

  it.each(unusable)('keeps the new refresh token: %s', async (_, change) => {
    const world = await createSignedInWorld()
    changeAnswer(world, (tokens) => ({ ...tokens, ...change }))
    const failed = await world.browser.post('/refresh')
    expect(failed.status).toBeGreaterThanOrEqual(500)
    expect(failed.setCookies).toEqual([expect.stringContaining(`${sessionName}=`)])
    expect(failed.setCookies.join()).not.toContain(`${proxyName}=`)
    expect(await isSignedIn(world.browser)).toBe(true)
    expect(await world.browser.post('/refresh')).toMatchObject(renewed)
  })

  it('answers latecomers alike, so that the used token is not sent again', async () => {
    const world = await createSignedInWorld()
    changeAnswer(world, (tokens) => ({ ...tokens, access_token: undefined }))
    const lost = await world.browser.send('POST', '/refresh')
    const again = await world.browser.post('/refresh')
    expect(again.setCookies).toEqual(lost.setCookies)
    expect(world.server.calls.token).toBe(1)
    expect(await world.browser.post('/refresh')).toMatchObject(renewed)
  })
})

it('tokens of another user are never used, even unsigned', async () => {
  const world = await createSignedInWorld()
  world.server.changeIdTokens({ sub: 'mallory', aud: 'another client' })
  expect(await world.browser.post('/refresh')).toMatchObject({ status: 502, setCookies: [] })
})

describe('a refresh that is answered after the deadline', () => {
  async function createOverdueWorld() {
    const time = createManualTime()
    const world = await createSignedInWorld({ schedule: time.schedule })
    const held = createDeferred<undefined>()
    const asked = createDeferred<undefined>()
    world.server.override('token', async (_url, init) => {
      world.server.override('token', undefined)
      asked.resolve(undefined)
      await held.promise
      return await world.server.respond('token', init)
    })
    const waiting = world.browser.post('/refresh')
    await asked.promise
    time.advance(8000)
    return { answerAtLast: () => held.resolve(undefined), first: await waiting, time, world }
  }

  it('is a failure for the page, which keeps its cookies, and the answer is kept', async () => {
    const { answerAtLast, first, time, world } = await createOverdueWorld()
    expect(first).toMatchObject({
      status: 502,
      body: { error_code: 'authorization_server_error' },
      setCookies: [],
    })
    answerAtLast()
    expect(await world.browser.post('/refresh')).toMatchObject(renewed)
    expect(world.server.calls.token, 'one use of the token').toBe(1)
    expect(await world.browser.post('/refresh')).toMatchObject(renewed)
    expect(time.pending()).toBe(0)
  })

  it('is shared with a refresh that came meanwhile', async () => {
    const { answerAtLast, world } = await createOverdueWorld()
    const second = world.browser.post('/refresh')
    answerAtLast()
    expect(await second).toMatchObject(renewed)
    expect(world.server.calls.token).toBe(1)
  })
})
