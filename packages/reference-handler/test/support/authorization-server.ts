// A small OpenID provider as a fetch function: signs ID tokens, rotates refresh tokens, counts calls.
import { base64url, exportJWK, generateKeyPair, SignJWT } from 'jose'
import type { Fetch, FetchInit } from '../../src/ports.ts'
import { isClientAssertion } from './client-key.ts'
import { createGrants } from './grants.ts'
import type { Grant, Rotation } from './grants.ts'
import { clientId, clientSecret, endpointOf, issuer, metadata } from './provider.ts'
import type { EndpointName } from './provider.ts'

/** Replaces what an endpoint answers. */
export type Answer = (url: string, init: FetchInit) => Promise<Response> | Response

export interface TestAuthorizationServerOptions {
  readonly now: () => number
  /** Refresh tokens rotate, and reuse of one ends its grant, unless this says otherwise. */
  readonly rotation?: Rotation
  /** Issue no refresh tokens at all. */
  readonly refreshTokens?: boolean
  /** Seconds; `null` leaves `expires_in` out. */
  readonly expiresIn?: number | null
  readonly accessTokenLength?: number
  /** What ID tokens say instead of the truth. */
  readonly claims?: Record<string, unknown>
  readonly metadata?: Record<string, unknown>
  /** More members for answers of the token endpoint. */
  readonly tokenAnswer?: Record<string, unknown>
}

const json = (body: unknown, status = 200, headers: Record<string, string> = {}) =>
  Response.json(body, { status, headers })

const keys = generateKeyPair('ES256')

export async function createTestAuthorizationServer(options: TestAuthorizationServerOptions) {
  const { publicKey, privateKey } = await keys
  const jwks = { keys: [{ ...(await exportJWK(publicKey)), kid: 'k1', alg: 'ES256' }] }
  const grants = createGrants(options.rotation ?? true, options.now)
  const pushed = new Map<string, URLSearchParams>()
  const revoked: string[] = []
  const forms: URLSearchParams[] = []
  const secrets = new Set<string>([clientSecret])
  const overrides = new Map<EndpointName, Answer>()
  let claims = options.claims
  const calls: Record<EndpointName, number> = {
    metadata: 0,
    jwks: 0,
    par: 0,
    token: 0,
    revocation: 0,
  }

  function secret(name: string, length = 0): string {
    const random = base64url.encode(crypto.getRandomValues(new Uint8Array(24)))
    const value = `${name}-${random}`.padEnd(length, 'x')
    secrets.add(value)
    return value
  }

  async function sign(payload: Record<string, unknown>): Promise<string> {
    const now = Math.floor(options.now() / 1000)
    const token = await new SignJWT({ iss: issuer, aud: clientId, exp: now + 300, ...payload })
      .setProtectedHeader({ alg: 'ES256', kid: 'k1' })
      .sign(privateKey)
    secrets.add(token)
    return token
  }

  function signIdToken(grant: Grant, nonce: string | undefined): Promise<string> {
    const now = Math.floor(options.now() / 1000)
    const user = { sub: grant.user, name: `Name of ${grant.user}` }
    return sign({ ...user, nonce, auth_time: now, at_hash: 'not checked', iat: now, ...claims })
  }

  async function issueTokens(grant: Grant, nonce?: string) {
    const refreshToken = secret('refresh-token')
    if (options.refreshTokens !== false) grants.addRefreshToken(refreshToken, grant)
    return {
      token_type: 'Bearer',
      access_token: secret('access-token', options.accessTokenLength),
      ...(options.expiresIn !== null && { expires_in: options.expiresIn ?? 300 }),
      ...(options.refreshTokens !== false && { refresh_token: refreshToken }),
      ...(grant.authorization.get('scope')?.includes('openid') && {
        id_token: await signIdToken(grant, nonce),
      }),
      ...options.tokenAnswer,
    }
  }

  async function redeemCode(form: URLSearchParams): Promise<Response> {
    const verifier = form.get('code_verifier')
    if (verifier) secrets.add(verifier)
    const grant = await grants.redeemCode(form)
    return grant
      ? json(await issueTokens(grant, grant.authorization.get('nonce') ?? undefined))
      : json({ error: 'invalid_grant', error_description: 'wrong code' }, 400)
  }

  async function redeemRefreshToken(form: URLSearchParams): Promise<Response> {
    const grant = grants.redeemRefreshToken(form.get('refresh_token') ?? '')
    if (grant === undefined) return json({ error: 'invalid_grant' }, 400)
    const { refresh_token, ...tokens } = await issueTokens(grant)
    return json(options.rotation === false ? tokens : { ...tokens, refresh_token })
  }

  async function isAuthenticated(init: FetchInit, form: URLSearchParams): Promise<boolean> {
    const basic = `Basic ${btoa(`${clientId}:${encodeURIComponent(clientSecret).replaceAll('%20', '+')}`)}`
    const assertion = form.get('client_assertion')
    if (assertion !== null) return await isClientAssertion(assertion, options.now())
    return (
      init.headers['authorization'] === basic ||
      (form.get('client_id') === clientId && form.get('client_secret') === clientSecret)
    )
  }

  async function respond(name: EndpointName, init: FetchInit): Promise<Response> {
    if (name === 'metadata') return json({ ...metadata, ...options.metadata })
    if (name === 'jwks') return json(jwks)
    const form = new URLSearchParams(init.body ?? '')
    forms.push(form)
    if (!(await isAuthenticated(init, form))) {
      return json({ error: 'invalid_client' }, 401, { 'www-authenticate': 'Basic realm="idp"' })
    }
    if (name === 'par') {
      const requestUri = `urn:example:${pushed.size}`
      pushed.set(requestUri, form)
      return json({ request_uri: requestUri, expires_in: 60 }, 201)
    }
    if (name === 'revocation') {
      revoked.push(form.get('token') ?? '')
      grants.revoke(form.get('token') ?? '')
      return new Response(null, { status: 200 })
    }
    return form.get('grant_type') === 'refresh_token' ? redeemRefreshToken(form) : redeemCode(form)
  }

  const fetch: Fetch = async (url, init) => {
    const name = endpointOf[url]
    if (name === undefined) throw new Error(`Nothing listens at ${url}.`)
    if (init.redirect !== 'manual') throw new Error('Redirects must not be followed.')
    calls[name] += 1
    return await (overrides.get(name)?.(url, init) ?? respond(name, init))
  }

  return {
    fetch,
    calls,
    /** What was sent through the back channel, in order. */
    forms,
    /** Everything that must never show up in an answer or in a log. */
    secrets,
    /** Refresh tokens that were revoked, in order. */
    revoked,
    /** Makes an endpoint answer otherwise, until it is called with `undefined`. */
    override(name: EndpointName, answer: Answer | undefined): void {
      if (answer) overrides.set(name, answer)
      else overrides.delete(name)
    },
    /** Answers a request as if there were no override. */
    respond,
    /** Signs a JWT for the client, with the issuer, audience and expiry that nothing else is said about. */
    sign,
    /** Makes ID tokens say something else. */
    changeIdTokens(change: Record<string, unknown>): void {
      claims = change
    },
    /** Plays the user at the authorization endpoint; returns the query of the callback URL. */
    authenticate(authorizationUrl: string, user = 'alice'): URLSearchParams {
      const { searchParams } = new URL(authorizationUrl)
      const authorization = pushed.get(searchParams.get('request_uri') ?? '') ?? searchParams
      const code = secret('code')
      grants.addCode(code, user, authorization)
      return new URLSearchParams({ code, state: authorization.get('state') ?? '', iss: issuer })
    },
    /** Ends every grant, as an administrator would. */
    endAllGrants: grants.endAll,
  }
}
