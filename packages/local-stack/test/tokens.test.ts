// The tokens that the authorization server issues: exchange, rotation, revocation.
import { decodeJwt, decodeProtectedHeader } from 'jose'
import { expect, test } from 'vitest'
import {
  callBackChannel,
  client,
  refresh,
  requestTokens,
  signIn,
  signInForTokens,
  startSignIn,
} from './authorization-client.ts'
import { useAuthorizationServer } from './authorization-server-fixture.ts'
import { createVisitor } from './visitor.ts'

const start = useAuthorizationServer()

test('a code without its verifier is worthless', async () => {
  const { issuer } = await start()
  const { url } = await startSignIn(issuer)
  const callback = await signIn(createVisitor(), url)

  const { error } = await requestTokens(issuer, {
    grant_type: 'authorization_code',
    code: callback.searchParams.get('code') ?? '',
    redirect_uri: client.redirectUri,
  })

  expect(error).toBe('invalid_grant')
})

test.for(['RS256', 'ES256', 'EdDSA'] as const)(
  'access tokens are signed with %s and meant for the demo API alone',
  async (accessTokenAlgorithm) => {
    const { issuer, accessTokens } = await start({ accessTokenAlgorithm, accessTokenLifetime: 60 })

    const tokens = await signInForTokens(issuer, createVisitor())

    const header = decodeProtectedHeader(tokens.access_token)
    const claims = decodeJwt(tokens.access_token)
    expect(header).toMatchObject({ alg: accessTokenAlgorithm, typ: 'at+jwt' })
    expect(claims).toMatchObject({
      iss: issuer,
      aud: 'urn:token-handler:orders-api',
      sub: 'alice',
      scope: 'orders',
      client_id: client.id,
    })
    expect((claims.exp ?? 0) - (claims.iat ?? 0)).toBe(60)
    expect(accessTokens).toEqual([claims.jti])
  },
)

test('with rotation a used refresh token ends the grant', async () => {
  const { issuer } = await start()
  const first = await signInForTokens(issuer, createVisitor())

  const second = await refresh(issuer, first.refresh_token)
  expect(second.refresh_token).not.toBe(first.refresh_token)

  expect((await refresh(issuer, first.refresh_token)).error).toBe('invalid_grant')
  expect((await refresh(issuer, second.refresh_token)).error).toBe('invalid_grant')
})

test('without rotation a refresh token can be used again', async () => {
  const { issuer } = await start({ refreshTokenRotation: false })
  const first = await signInForTokens(issuer, createVisitor())

  for (const attempt of [1, 2]) {
    const { refresh_token, access_token } = await refresh(issuer, first.refresh_token)
    expect(refresh_token, `refresh ${attempt}`).toBe(first.refresh_token)
    expect(access_token).not.toBe(first.access_token)
  }
})

test('a revoked refresh token is of no use, and introspection says so', async () => {
  const { issuer } = await start()
  const { refresh_token: token } = await signInForTokens(issuer, createVisitor())
  const introspect = async (): Promise<unknown> =>
    JSON.parse((await callBackChannel(`${issuer}/token/introspection`, { token })).body)

  expect(await introspect()).toMatchObject({ active: true, sub: 'alice' })
  await callBackChannel(`${issuer}/token/revocation`, { token })

  expect(await introspect()).toEqual({ active: false })
  expect((await refresh(issuer, token)).error).toBe('invalid_grant')
})

test('ended sessions leave nothing to refresh with, and the user signs in anew', async () => {
  const { issuer, endSessions } = await start()
  const visitor = createVisitor()
  const { refresh_token } = await signInForTokens(issuer, visitor)

  endSessions()

  expect((await refresh(issuer, refresh_token)).error).toBe('invalid_grant')
  const { url } = await startSignIn(issuer, { prompt: 'none' })
  expect((await visitor.visit(url)).url.searchParams.get('error')).toBe('login_required')
})

test('everything that is issued can be searched for', async () => {
  const { issuer, secrets } = await start()
  const { url, verifier } = await startSignIn(issuer)
  const callback = await signIn(createVisitor(), url)
  const code = callback.searchParams.get('code') ?? ''
  const tokens = await requestTokens(issuer, {
    grant_type: 'authorization_code',
    code,
    redirect_uri: client.redirectUri,
    code_verifier: verifier,
  })

  const { access_token, refresh_token, id_token } = tokens
  expect([...secrets].sort()).toEqual(
    [code, verifier, access_token, refresh_token, id_token].sort(),
  )
})
