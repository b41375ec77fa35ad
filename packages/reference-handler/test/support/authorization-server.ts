// A small OpenID provider as a fetch function: signs ID tokens, rotates refresh tokens, counts calls.
import { base64url, exportJWK, generateKeyPair, SignJWT } from 'jose'
import type { Fetch, FetchInit } from '../../src/ports.ts'
import { clientId, clientSecret, endpointOf, issuer, metadata } from './provider.ts'
import type { EndpointName } from './provider.ts'

/** Replaces what an endpoint answers. */
export type Answer = (url: string, init: FetchInit) => Promise<Response> | Response

interface Grant {
  readonly user: string
  readonly authorization: URLSearchParams
  active: boolean
}

interface RefreshToken {
  readonly grant: Grant
  used: boolean
}

export interface TestAuthorizationServerOptions {
  readonly now: () => number
  /** Refresh tokens rotate, and reuse of one ends its grant, unless this is `false`. */
  readonly rotation?: boolean
  /** Issue no refresh tokens at all. */
  readonly refreshTokens?: boolean
  /** Seconds; `null` leaves `expires_in` out. */
  readonly expiresIn?: number | null
  readonly accessTokenLength?: number
  /** What ID tokens say instead of the truth. */
  readonly claims?: Record<string, unknown>
  readonly metadata?: Record<string, unknown>
}

const json = (body: unknown, status = 200, headers: Record<string, string> = {}) =>
  Response.json(body, { status, headers })

const keys = generateKeyPair('ES256')

export async function createTestAuthorizationServer(options: TestAuthorizationServerOptions) {
  const { publicKey, privateKey } = await keys
  const jwks = { keys: [{ ...(await exportJWK(publicKey)), kid: 'k1', alg: 'ES256' }] }
  const codes = new Map<string, Grant>()
  const refreshTokens = new Map<string, RefreshToken>()
  const revoked: string[] = []
  const secrets = new Set<string>([clientSecret])
  const overrides = new Map<EndpointName, Answer>()
  let claims = options.claims
  const calls: Record<EndpointName, number> = { metadata: 0, jwks: 0, token: 0, revocation: 0 }

  function secret(name: string, length = 0): string {
    const random = base64url.encode(crypto.getRandomValues(new Uint8Array(24)))
    const value = `${name}-${random}`.padEnd(length, 'x')
    secrets.add(value)
    return value
  }

  async function signIdToken(grant: Grant, nonce: string | undefined): Promise<string> {
    const now = Math.floor(options.now() / 1000)
    const token = await new SignJWT({
      iss: issuer,
      aud: clientId,
      sub: grant.user,
      name: `Name of ${grant.user}`,
      nonce,
      auth_time: now,
      at_hash: 'not checked',
      iat: now,
      exp: now + 300,
      ...claims,
    })
      .setProtectedHeader({ alg: 'ES256', kid: 'k1' })
      .sign(privateKey)
    secrets.add(token)
    return token
  }

  async function issueTokens(grant: Grant, nonce?: string) {
    const refreshToken = secret('refresh-token')
    if (options.refreshTokens !== false) refreshTokens.set(refreshToken, { grant, used: false })
    return {
      token_type: 'Bearer',
      access_token: secret('access-token', options.accessTokenLength),
      ...(options.expiresIn !== null && { expires_in: options.expiresIn ?? 300 }),
      ...(options.refreshTokens !== false && { refresh_token: refreshToken }),
      ...(grant.authorization.get('scope')?.includes('openid') && {
        id_token: await signIdToken(grant, nonce),
      }),
    }
  }

  async function redeemCode(form: URLSearchParams): Promise<Response> {
    const grant = codes.get(form.get('code') ?? '')
    codes.delete(form.get('code') ?? '')
    const verifier = form.get('code_verifier') ?? ''
    if (verifier !== '') secrets.add(verifier)
    const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(verifier))
    const challenge = base64url.encode(new Uint8Array(digest))
    const matches =
      grant?.authorization.get('code_challenge') === challenge &&
      grant.authorization.get('redirect_uri') === form.get('redirect_uri')
    return matches
      ? json(await issueTokens(grant, grant.authorization.get('nonce') ?? undefined))
      : json({ error: 'invalid_grant', error_description: 'wrong code' }, 400)
  }

  async function redeemRefreshToken(form: URLSearchParams): Promise<Response> {
    const known = refreshTokens.get(form.get('refresh_token') ?? '')
    if (known?.used) known.grant.active = false
    if (!known?.grant.active) return json({ error: 'invalid_grant' }, 400)
    const tokens = await issueTokens(known.grant)
    const { refresh_token: _, ...withoutRefreshToken } = tokens
    if (options.rotation === false) return json(withoutRefreshToken)
    known.used = true
    return json(tokens)
  }

  function isAuthenticated(init: FetchInit, form: URLSearchParams): boolean {
    const basic = `Basic ${btoa(`${clientId}:${encodeURIComponent(clientSecret).replaceAll('%20', '+')}`)}`
    return (
      init.headers['authorization'] === basic ||
      (form.get('client_id') === clientId && form.get('client_secret') === clientSecret)
    )
  }

  async function respond(name: EndpointName, init: FetchInit): Promise<Response> {
    if (name === 'metadata') return json({ ...metadata, ...options.metadata })
    if (name === 'jwks') return json(jwks)
    const form = new URLSearchParams(init.body ?? '')
    if (!isAuthenticated(init, form)) {
      return json({ error: 'invalid_client' }, 401, { 'www-authenticate': 'Basic realm="idp"' })
    }
    if (name === 'revocation') {
      const token = form.get('token') ?? ''
      revoked.push(token)
      const known = refreshTokens.get(token)
      if (known) known.grant.active = false
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
    /** Makes ID tokens say something else. */
    changeIdTokens(change: Record<string, unknown>): void {
      claims = change
    },
    /** Plays the user at the authorization endpoint; returns the query of the callback URL. */
    authenticate(authorizationUrl: string, user = 'alice'): URLSearchParams {
      const authorization = new URL(authorizationUrl).searchParams
      const code = secret('code')
      codes.set(code, { user, authorization, active: true })
      return new URLSearchParams({ code, state: authorization.get('state') ?? '', iss: issuer })
    },
    /** Ends every grant, as an administrator would. */
    endAllGrants(): void {
      for (const { grant } of refreshTokens.values()) grant.active = false
    },
  }
}

export type TestAuthorizationServer = Awaited<ReturnType<typeof createTestAuthorizationServer>>
