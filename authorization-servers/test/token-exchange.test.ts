// Token exchange per route (RFC 8693) at a real authorization server: oidc-provider with a grant type for it.
import { generateKeyPairSync, randomBytes } from 'node:crypto'
import { createLocalJWKSet, exportJWK, jwtVerify } from 'jose'
import type { JSONWebKeySet } from 'jose'
import { errors, Provider } from 'oidc-provider'
import type { KoaContextWithOIDC } from 'oidc-provider'
import { expect, it, onTestFinished } from 'vitest'
import { callbackOf, createBrowser, pageOf } from '../src/browser.ts'
import { cookieSecret, startHandler } from '../src/handler.ts'
import { listen } from '../src/listen.ts'
import { openSpa } from '../src/spa.ts'

const SPA = 'https://www.app.example'
const ORDERS = 'https://orders.example'
const STOCK = 'https://stock.example'
const GRANT = 'urn:ietf:params:oauth:grant-type:token-exchange'

const secret = randomBytes(16).toString('hex')

/** Issues an access token for the resource that is asked for, to the user of the subject token. */
async function exchange(provider: Provider, ctx: KoaContextWithOIDC): Promise<void> {
  const { client, params = {} } = ctx.oidc
  if (client === undefined) throw new errors.InvalidClient('no client')
  const { resource, subject_token: subjectToken } = params
  const subject = await provider.AccessToken.find(String(subjectToken))
  if (subject === undefined || subject.clientId !== client.clientId) {
    throw new errors.InvalidRequest('the subject token is not valid')
  }
  if (resource !== STOCK) throw new errors.InvalidTarget()
  const token = new provider.AccessToken({
    accountId: subject.accountId,
    client,
    grantId: subject.grantId ?? '',
    gty: 'token_exchange',
    scope: 'stock',
  })
  token.resourceServer = new provider.ResourceServer(STOCK, {
    scope: 'stock',
    audience: STOCK,
    accessTokenFormat: 'jwt',
    jwt: { sign: { alg: 'ES256' } },
  })
  ctx.body = {
    access_token: await token.save(),
    issued_token_type: 'urn:ietf:params:oauth:token-type:access_token',
    token_type: 'Bearer',
    expires_in: token.expiration,
  }
}

async function startProvider() {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const key = await exportJWK(privateKey)
  const { url: issuer, stop } = await listen((at) => {
    const provider = new Provider(at, {
      clients: [
        {
          client_id: 'spa',
          client_secret: secret,
          redirect_uris: [`${SPA}/callback`],
          grant_types: ['authorization_code', 'refresh_token', GRANT],
          response_types: ['code'],
          id_token_signed_response_alg: 'ES256',
        },
      ],
      cookies: { keys: [randomBytes(32).toString('hex')] },
      features: { devInteractions: { enabled: true } },
      findAccount: (_ctx, sub) => ({ accountId: sub, claims: () => ({ sub }) }),
      issueRefreshToken: (_ctx, client) => client.grantTypeAllowed('refresh_token'),
      jwks: { keys: [{ ...key, kty: 'EC', kid: 'k1', alg: 'ES256', use: 'sig' }] },
    })
    provider.silent = true
    const parameters = ['subject_token', 'subject_token_type', 'requested_token_type', 'resource']
    provider.registerGrantType(GRANT, (ctx) => exchange(provider, ctx), parameters)
    const handle = provider.callback()
    return (request, response) => void handle(request, response)
  })
  onTestFinished(stop)
  const keys = (await (await fetch(`${issuer}/jwks`)).json()) as JSONWebKeySet
  return { issuer, findKey: createLocalJWKSet(keys) }
}

/** An API that takes JWTs for one audience, or tells that it got an opaque token. */
async function startApi(findKey: ReturnType<typeof createLocalJWKSet>, audience: string) {
  const api = await listen(() => (request, response) => {
    const [, token = ''] = /^Bearer (.+)$/.exec(request.headers.authorization ?? '') ?? []
    response.setHeader('content-type', 'application/json')
    jwtVerify(token, findKey, { audience }).then(
      ({ payload }) => response.end(JSON.stringify({ sub: payload.sub, aud: payload.aud })),
      () => response.writeHead(401).end('{}'),
    )
  })
  onTestFinished(api.stop)
  return api.url
}

async function start(resource: string) {
  const { issuer, findKey } = await startProvider()
  const handler = await startHandler({
    authorizationServer: { issuer },
    client: { id: 'spa', secret, redirectUri: `${SPA}/callback`, scope: 'openid' },
    cookies: { secrets: [cookieSecret] },
    trustedOrigins: [SPA],
    routes: [{ path: '/api', upstream: await startApi(findKey, STOCK), exchange: { resource } }],
    refresh: { freshFor: 0 },
  })
  onTestFinished(handler.stop)
  const spa = openSpa(handler.url, SPA)
  const browser = createBrowser(SPA)
  const signIn = pageOf(await browser.open(await spa.startLogin()))
  const consent = pageOf(await signIn.submit({ login: 'alice', password: 'any' }))
  expect((await spa.endLogin(callbackOf(await consent.submit()))).status).toBe(200)
  const exchanges = () => handler.tokenCalls.filter(({ grantType }) => grantType === GRANT)
  return { exchanges, handler, spa }
}

it('an API gets a token of its own, which is asked for once in a session’s access token', async () => {
  const { exchanges, spa } = await start(STOCK)
  const calls = await Promise.all(Array.from({ length: 10 }, () => spa.callApi()))
  for (const call of calls) {
    expect(call).toMatchObject({ status: 200, body: { sub: 'alice', aud: STOCK } })
  }
  expect(exchanges().map(({ status }) => status)).toEqual([200])
  expect((await spa.refresh()).status).toBe(200)
  expect((await spa.callApi()).status).toBe(200)
  expect(exchanges()).toHaveLength(2)
})

it('a resource that the authorization server does not know is a failure of the exchange', async () => {
  const { exchanges, handler, spa } = await start(ORDERS)
  expect(await spa.callApi()).toMatchObject({
    status: 502,
    body: { error_code: 'token_exchange_failed' },
  })
  expect(exchanges()).toMatchObject([{ status: 400, answer: { error: 'invalid_target' } }])
  expect(handler.log()).toContain('invalid_target')
  for (const { sent } of handler.tokenCalls)
    if (sent !== '') expect(handler.log()).not.toContain(sent)
})
