// An application that signs users in at an authorization server, by hand.
import { generateRandomCodeVerifier, calculatePKCECodeChallenge } from 'oauth4webapi'
import { startAuthorizationServer } from '../src/authorization-server/server.ts'
import type { AuthorizationServerOptions } from '../src/authorization-server/server.ts'
import { demoPassword, demoUsers } from '../src/authorization-server/users.ts'
import { send } from './visitor.ts'
import type { Answer, Visitor } from './visitor.ts'

export const client = {
  id: 'test-client',
  secret: 'a-client-secret-for-tests',
  name: 'Test Shop',
  redirectUri: 'http://www.app.localhost:5173/callback',
  postLogoutRedirectUri: 'http://www.app.localhost:5173/',
}

/** Starts an authorization server on a free port, and notes all it issues. */
export async function startTestServer(options: Partial<AuthorizationServerOptions> = {}) {
  const secrets = new Set<string>()
  const accessTokens: string[] = []
  const failures: unknown[] = []
  const server = await startAuthorizationServer({
    port: 0,
    client,
    users: demoUsers,
    accessTokenFormat: 'jwt',
    accessTokenAlgorithm: 'ES256',
    accessTokenLifetime: 300,
    refreshTokenRotation: true,
    consent: true,
    issued: {
      secret: (value) => void secrets.add(value),
      accessToken: (id) => void accessTokens.push(id),
    },
    onError: (error) => void failures.push(error),
    ...options,
  })
  return { ...server, secrets, accessTokens, failures }
}

/** The authorization request of a sign-in, and the verifier that belongs to it. */
export async function startSignIn(issuer: string, extra: Readonly<Record<string, string>> = {}) {
  const verifier = generateRandomCodeVerifier()
  const url = new URL('/auth', issuer)
  url.search = new URLSearchParams({
    client_id: client.id,
    redirect_uri: client.redirectUri,
    response_type: 'code',
    scope: 'openid profile email orders',
    state: 'the-state',
    nonce: 'the-nonce',
    code_challenge: await calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    ...extra,
  }).toString()
  return { url, verifier }
}

export interface TokenAnswer {
  readonly access_token: string
  readonly refresh_token: string
  readonly id_token: string
  readonly error: string
}

/** A call of the authorization server's back channel, authenticated as the client. */
export async function callBackChannel(
  url: string | URL,
  parameters: Readonly<Record<string, string>>,
): Promise<Answer> {
  const credentials = Buffer.from(`${client.id}:${client.secret}`).toString('base64')
  const headers = { authorization: `Basic ${credentials}` }
  return send(url, { headers, body: new URLSearchParams(parameters) })
}

/** A request to the token endpoint. */
export async function requestTokens(
  issuer: string,
  parameters: Readonly<Record<string, string>>,
): Promise<TokenAnswer> {
  const { body } = await callBackChannel(new URL('/token', issuer), parameters)
  return JSON.parse(body) as TokenAnswer
}

/** A refresh. */
export const refresh = async (issuer: string, refreshToken: string): Promise<TokenAnswer> =>
  requestTokens(issuer, { grant_type: 'refresh_token', refresh_token: refreshToken })

/** Answers the pages of the authorization server, and comes back with the callback URL. */
export async function signIn(
  visitor: Visitor,
  authorizationUrl: string | URL,
  username = 'alice',
): Promise<URL> {
  let page = await visitor.visit(authorizationUrl)
  if (page.body.includes('Password')) {
    page = await visitor.submit(page, '/login', { username, password: demoPassword })
  }
  if (page.body.includes('Allow')) page = await visitor.submit(page, '/consent')
  return page.url
}

/** Signs in and exchanges the code. */
export async function signInForTokens(
  issuer: string,
  visitor: Visitor,
  username = 'alice',
): Promise<TokenAnswer> {
  const { url, verifier } = await startSignIn(issuer)
  const callback = await signIn(visitor, url, username)
  return requestTokens(issuer, {
    grant_type: 'authorization_code',
    code: callback.searchParams.get('code') ?? '',
    redirect_uri: client.redirectUri,
    code_verifier: verifier,
  })
}
