// Bound access tokens on their way to an API: the scheme, the proof, and which tokens do not go there.
import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { parseConfiguration } from '../../src/configuration/parse.ts'
import { createOAuthProxy } from '../../src/proxy/oauth-proxy.ts'
import type { Forward, ProxyDecision } from '../../src/proxy/decision.ts'
import { sealerOf } from '../../src/sealing/configured-sealer.ts'
import { sealProxyCookie } from '../../src/sealing/proxy-cookie.ts'
import { validInput } from '../configuration/valid-configuration.ts'
import { newKey, oldKey, readProof } from '../support/dpop-keys.ts'
import { noLog } from '../support/no-log.ts'
import { ordersRequest } from '../support/orders-request.ts'

const accessToken = 'a-bound-access-token'
const now = 1_700_000_000_000

const configuration = parseConfiguration({
  ...validInput,
  client: { ...validInput.client, dpopKeys: [newKey.privateJwk] },
  routes: [
    { path: '/api', upstream: 'https://api.internal/v1' },
    { path: '/named', upstream: 'https://named.internal', preserveHost: true },
  ],
})
const fetch = () => Promise.reject(new Error('There is no authorization server.'))
const newProxy = (of = configuration) => createOAuthProxy(of, { now: () => now, fetch, log: noLog })

const seal = (dpopKey?: string) =>
  sealProxyCookie(sealerOf(configuration, {}), {
    accessToken,
    issuedAt: now,
    ...(dpopKey !== undefined && { dpopKey }),
  })

async function send(
  proxy = newProxy(),
  { target = '/api/orders?id=7', headers = [] as string[], dpopKey = newKey.thumbprint } = {},
): Promise<ProxyDecision> {
  const cookie = await seal(dpopKey === '' ? undefined : dpopKey)
  return await proxy.authorize(ordersRequest(cookie, { target, headers }))
}

function asForward(decision: ProxyDecision): Forward {
  if (decision.kind !== 'forward')
    throw new Error(`The request is not forwarded: ${decision.kind}.`)
  return decision
}

/** All values of a header. */
const valuesOf = (lines: readonly string[], name: string) =>
  lines.filter((_line, index) => index % 2 === 1 && lines[index - 1]?.toLowerCase() === name)

const proofOf = ({ headers }: Pick<Forward, 'headers'>) => readProof(valuesOf(headers, 'dpop')[0])

describe('a bound access token', () => {
  it('goes to the API by the scheme DPoP, with a proof for this request and this token', async () => {
    const decision = asForward(await send())
    expect(valuesOf(decision.headers, 'authorization')).toEqual([`DPoP ${accessToken}`])
    const { payload, thumbprint } = await proofOf(decision)
    expect(thumbprint).toBe(newKey.thumbprint)
    expect(payload).toEqual({
      htm: 'GET',
      htu: 'https://api.internal/v1/orders',
      ath: createHash('sha256').update(accessToken).digest('base64url'),
      iat: now / 1000,
      jti: expect.stringMatching(/^[\w-]{20,}$/),
    })
  })

  it('has another proof in each request', async () => {
    const proxy = newProxy()
    const [first, second] = [asForward(await send(proxy)), asForward(await send(proxy))]
    expect((await proofOf(first)).payload.jti).not.toBe((await proofOf(second)).payload.jti)
  })

  it('is proved for the host that the API is called by, where that is the browser’s', async () => {
    const { payload } = await proofOf(asForward(await send(newProxy(), { target: '/named/x?y' })))
    expect(payload['htu']).toBe('https://api.app.example/x')
  })

  it('takes no proof of the page along', async () => {
    const decision = asForward(await send(newProxy(), { headers: ['DPoP', 'a.page.proof'] }))
    expect(valuesOf(decision.headers, 'dpop')).toHaveLength(1)
    expect((await proofOf(decision)).thumbprint).toBe(newKey.thumbprint)
  })

  it('does not go anywhere without its key', async () => {
    expect(await send(newProxy(), { dpopKey: oldKey.thumbprint })).toMatchObject({
      kind: 'refuse',
      code: 'unauthorized',
      headers: { 'www-authenticate': 'Bearer error="invalid_token"' },
    })
  })

  it('is never sent as a bearer token where keys are no longer configured', async () => {
    const { dpopKeys: _, ...client } = configuration.client
    expect(await send(newProxy({ ...configuration, client }))).toMatchObject({
      kind: 'refuse',
      code: 'unauthorized',
    })
  })
})

it('with keys, a bearer token does not reach an API', async () => {
  expect(await send(newProxy(), { dpopKey: '' })).toMatchObject({
    kind: 'refuse',
    code: 'unauthorized',
    reason: 'The access token is not bound to a key.',
  })
})

it('a page sends no proof to an API where tokens are bearer tokens, either', async () => {
  const plain = parseConfiguration({ ...validInput, routes: configuration.routes })
  const decision = asForward(
    await send(newProxy(plain), { dpopKey: '', headers: ['DPoP', 'a.page.proof'] }),
  )
  expect(valuesOf(decision.headers, 'dpop')).toEqual([])
  expect(valuesOf(decision.headers, 'authorization')).toEqual([`Bearer ${accessToken}`])
})

describe('the nonce of an API', () => {
  const answer = (nonce: string) => ['content-type', 'text/plain', 'DPoP-Nonce', nonce]

  it('is in the next proof for its server, and not in those for others', async () => {
    const proxy = newProxy()
    proxy.responseHeaders(asForward(await send(proxy)), answer('nonce-1'))
    expect((await proofOf(asForward(await send(proxy)))).payload['nonce']).toBe('nonce-1')
    const other = asForward(await send(proxy, { target: '/named/x' }))
    expect((await proofOf(other)).payload).not.toHaveProperty('nonce')
  })

  it('is replaced by the newest', async () => {
    const proxy = newProxy()
    const decision = asForward(await send(proxy))
    for (const nonce of ['nonce-1', 'nonce-2']) proxy.responseHeaders(decision, answer(nonce))
    expect((await proofOf(asForward(await send(proxy)))).payload['nonce']).toBe('nonce-2')
  })

  it('does not reach the page', async () => {
    const proxy = newProxy()
    const lines = proxy.responseHeaders(asForward(await send(proxy)), answer('nonce-1'))
    expect(valuesOf(lines, 'dpop-nonce')).toEqual([])
    expect(valuesOf(lines, 'content-type')).toEqual(['text/plain'])
  })

  it.each(['', 'a "quoted" one', 'x'.repeat(5000), 'caf\u00e9'])(
    'is not taken when it is none: %s',
    async (nonce) => {
      const proxy = newProxy()
      proxy.responseHeaders(asForward(await send(proxy)), answer(nonce))
      expect((await proofOf(asForward(await send(proxy)))).payload).not.toHaveProperty('nonce')
    },
  )
})
