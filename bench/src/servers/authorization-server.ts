// An authorization server that says yes at once: enough of one to sign in, refresh and sign out.
import { randomBytes } from 'node:crypto'
import { createServer } from 'node:http'
import type { IncomingMessage } from 'node:http'
import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import type { JWTPayload } from 'jose'
import { announce, optionalSetting } from './announce.ts'
import { createMisbehaviour } from './misbehaviour.ts'

/** Length of an access token with a dozen claims, signed with RS256. */
const ACCESS_TOKEN_LENGTH = 1200

/** Of a signature with a key of 2048 bits. */
const SIGNATURE_BYTES = 256

const { publicKey, privateKey } = await generateKeyPair('ES256')
const jwks = { keys: [{ ...(await exportJWK(publicKey)), kid: 'bench', alg: 'ES256', use: 'sig' }] }
const accessTokenLifetime = Number(optionalSetting('ACCESS_TOKEN_LIFETIME') ?? 3600)
const rotates = optionalSetting('ROTATION') !== undefined
let issuer = ''

/** Like a JWT for whoever does not verify it, and nobody here does. */
function createAccessToken(): string {
  const claims = { iss: issuer, sub: 'alice', aud: 'bench', scope: 'openid', iat: 0, more: '' }
  const head = encode('{"alg":"RS256","typ":"at+jwt","kid":"bench"}')
  const signature = encode(randomBytes(SIGNATURE_BYTES))
  const payloadLength = ACCESS_TOKEN_LENGTH - `${head}..${signature}`.length
  const missing = Math.floor((payloadLength * 3) / 4) - JSON.stringify(claims).length
  const more = encode(randomBytes(missing)).slice(0, missing)
  return `${head}.${encode(JSON.stringify({ ...claims, more }))}.${signature}`
}

const encode = (content: string | Uint8Array) => Buffer.from(content).toString('base64url')

/** The code carries the nonce, so that nothing has to be remembered. */
async function createIdToken(code: string): Promise<string> {
  const { clientId, ...claims } = JSON.parse(Buffer.from(code, 'base64url').toString())
  return await sign(clientId, 'JWT', { ...claims, name: 'Alice', email: 'alice@example.com' })
}

const sign = (clientId: string, typ: string, claims: JWTPayload): Promise<string> =>
  new SignJWT({ ...claims })
    .setProtectedHeader({ alg: 'ES256', kid: 'bench', typ })
    .setIssuer(issuer)
    .setAudience(clientId)
    .setSubject('alice')
    .setIssuedAt()
    .setExpirationTime('1h')
    .sign(privateKey)

/** Ends one session; see OpenID Connect Back-Channel Logout section 2.4. */
const createLogoutToken = (sid: string | null): Promise<string> =>
  sign('bench', 'logout+jwt', {
    sid,
    jti: randomBytes(16).toString('base64url'),
    events: { 'http://schemas.openid.net/event/backchannel-logout': {} },
  })

async function answerToken(request: IncomingMessage): Promise<object> {
  let text = ''
  for await (const chunk of request) text += String(chunk)
  const form = new URLSearchParams(text)
  const code = form.get('code')
  return {
    access_token: createAccessToken(),
    token_type: 'Bearer',
    expires_in: accessTokenLifetime,
    refresh_token: (!rotates && form.get('refresh_token')) || randomBytes(32).toString('base64url'),
    ...(code !== null && { id_token: await createIdToken(code) }),
  }
}

async function answer(request: IncomingMessage): Promise<object> {
  const { pathname, searchParams } = new URL(request.url ?? '', issuer)
  switch (pathname) {
    case '/logout-token':
      return { logout_token: await createLogoutToken(searchParams.get('sid')) }
    case '/.well-known/openid-configuration':
      return {
        issuer,
        authorization_endpoint: `${issuer}/authorize`,
        token_endpoint: `${issuer}/token`,
        jwks_uri: `${issuer}/jwks`,
        revocation_endpoint: `${issuer}/revoke`,
        code_challenge_methods_supported: ['S256'],
        id_token_signing_alg_values_supported: ['ES256'],
      }
    case '/jwks':
      return jwks
    case '/token':
      return await answerToken(request)
    default:
      return {}
  }
}

/** Sends a browser back at once: its user is signed in here. */
function answerAuthorization(url: URL): string {
  const request = url.searchParams
  const answer = { nonce: request.get('nonce'), clientId: request.get('client_id') }
  const target = new URL(request.get('redirect_uri') ?? '')
  target.searchParams.set('code', encode(JSON.stringify(answer)))
  target.searchParams.set('state', request.get('state') ?? '')
  target.searchParams.set('iss', issuer)
  return target.href
}

/** Clients in browsers ask from another origin. */
const corsHeaders = { 'access-control-allow-origin': '*', 'access-control-allow-headers': '*' }

const misbehave = createMisbehaviour(Number(optionalSetting('FAILURE_RATE') ?? 0))

const server = createServer((request, response) => {
  if (misbehave(request, response)) return
  if (request.method === 'OPTIONS') return void response.writeHead(204, corsHeaders).end()
  const url = new URL(request.url ?? '', issuer)
  if (url.pathname === '/authorize') {
    return void response.writeHead(302, { location: answerAuthorization(url) }).end()
  }
  const headers = { ...corsHeaders, 'content-type': 'application/json' }
  void answer(request).then((body) => response.writeHead(200, headers).end(JSON.stringify(body)))
})
server.keepAliveTimeout = 60_000
server.listen(0, '127.0.0.1', () => {
  const address = server.address()
  const host = optionalSetting('ISSUER_HOST') ?? '127.0.0.1'
  if (typeof address === 'object' && address !== null) issuer = `http://${host}:${address.port}`
  announce(address)
})
