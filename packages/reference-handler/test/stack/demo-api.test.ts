import { createHash, randomUUID } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import { pino } from 'pino'
import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { startDemoApi } from '../../src/stack/demo-api/server.ts'
import type { DemoApi } from '../../src/stack/demo-api/server.ts'
import { open, readEvents, send } from './visitor.ts'
import type { Answer, Exchange } from './visitor.ts'

const issuer = 'http://login.idp.localhost:4000'
const audience = 'urn:example:orders'

interface TokenChanges {
  readonly subject?: string
  readonly issuer?: string
  readonly audience?: string
  readonly scope?: string
  readonly typ?: string
  readonly id?: string
  /** Seconds from now. */
  readonly expiresIn?: number
  readonly key?: CryptoKey
}

let ours: { publicKey: CryptoKey; privateKey: CryptoKey }
let theirs: CryptoKey
let api: DemoApi
let expired: Set<string>
let authorizationServerIsUp = true

async function createToken(changes: TokenChanges = {}): Promise<string> {
  const now = Math.floor(Date.now() / 1000)
  return new SignJWT({ scope: changes.scope ?? 'orders', client_id: 'spa' })
    .setProtectedHeader({ alg: 'ES256', kid: 'one', typ: changes.typ ?? 'at+jwt' })
    .setIssuer(changes.issuer ?? issuer)
    .setAudience(changes.audience ?? audience)
    .setSubject(changes.subject ?? 'alice')
    .setJti(changes.id ?? randomUUID())
    .setIssuedAt(now)
    .setExpirationTime(now + (changes.expiresIn ?? 300))
    .sign(changes.key ?? ours.privateKey)
}

const bearer = (token: string): Record<string, string> => ({ authorization: `Bearer ${token}` })

async function call(path: string, token: string, exchange: Exchange = {}): Promise<Answer> {
  const headers = { ...exchange.headers, ...bearer(token) }
  return send(new URL(path, api.url), { ...exchange, headers })
}

const postOrder = async (token: string, order: unknown): Promise<Answer> =>
  call('/orders', token, {
    body: JSON.stringify(order),
    headers: { 'content-type': 'application/json' },
  })

beforeAll(async () => {
  ours = await generateKeyPair('ES256')
  theirs = (await generateKeyPair('ES256')).privateKey
})

beforeEach(async () => {
  expired = new Set()
  authorizationServerIsUp = true
  const jwks = { keys: [{ ...(await exportJWK(ours.publicKey)), kid: 'one', alg: 'ES256' }] }
  api = await startDemoApi({
    port: 0,
    issuer,
    audience,
    algorithm: 'ES256',
    scope: 'orders',
    isLive: (id) => !expired.has(id),
    logger: pino({ level: 'silent' }),
    fetch: async () =>
      authorizationServerIsUp ? Response.json(jwks) : Promise.reject(new TypeError('fetch failed')),
  })
  return () => api.close()
})

describe('the access token', () => {
  test('opens the API when it is right', async () => {
    const { status, body } = await call('/orders', await createToken())

    expect(status).toBe(200)
    expect(JSON.parse(body)).toMatchObject({
      orders: [{ product: 'Milk jug' }, { product: 'Coffee beans, 1 kg' }, {}],
    })
  })

  test('is asked for when there is none', async () => {
    const { status, headers } = await send(new URL('/orders', api.url))

    expect(status).toBe(401)
    expect(headers.get('www-authenticate')).toBe('Bearer')
  })

  test.for<[string, () => Promise<string>]>([
    ['is no JWT', async () => 'nonsense'],
    ['is meant for another API', () => createToken({ audience: 'urn:example:other' })],
    ['comes from another issuer', () => createToken({ issuer: 'https://evil.example' })],
    ['is signed with another key', () => createToken({ key: theirs })],
    ['is an ID token', () => createToken({ typ: 'JWT' })],
    ['is too old', () => createToken({ expiresIn: -1 })],
    ['is not signed', async () => `${(await createToken()).replace(/\.[^.]*$/, '')}.`],
  ])('is refused when it %s', async ([, token]) => {
    const { status, headers, body } = await call('/orders', await token())

    expect(status).toBe(401)
    expect(headers.get('www-authenticate')).toBe('Bearer error="invalid_token"')
    expect(JSON.parse(body)).toEqual({ error: 'invalid_token' })
  })

  test('is refused once it has been made to expire', async () => {
    const token = await createToken({ id: 'the-token' })
    expect((await call('/orders', token)).status).toBe(200)

    expired.add('the-token')

    expect((await call('/orders', token)).status).toBe(401)
  })

  test('without the scope of the API is not enough', async () => {
    const { status, headers } = await call('/orders', await createToken({ scope: 'openid' }))

    expect(status).toBe(403)
    expect(headers.get('www-authenticate')).toBe(
      'Bearer error="insufficient_scope", scope="orders"',
    )
  })

  test('is not blamed when the authorization server cannot be asked for its keys', async () => {
    authorizationServerIsUp = false

    const { status, body } = await call('/orders', await createToken())

    expect(status).toBe(500)
    expect(JSON.parse(body)).toEqual({ error: 'server_error' })
  })
})

describe('orders', () => {
  test('a placed order is in the list and has an address of its own', async () => {
    const token = await createToken()

    const placed = await postOrder(token, { product: ' Cups ', quantity: 4 })

    expect(placed.status).toBe(201)
    const order: unknown = JSON.parse(placed.body)
    expect(order).toMatchObject({ product: 'Cups', quantity: 4 })
    const { body } = await call('/orders', token)
    expect(JSON.parse(body)).toMatchObject({ orders: [order, {}, {}, {}] })
    const found = await call(placed.headers.get('location') ?? '', token)
    expect(JSON.parse(found.body)).toEqual(order)
  })

  test('nobody sees the orders of somebody else', async () => {
    const placed = await postOrder(await createToken(), { product: 'Cups', quantity: 4 })

    const bob = await createToken({ subject: 'bob' })

    expect((await call('/orders', bob)).body).not.toContain('Cups')
    expect((await call(placed.headers.get('location') ?? '', bob)).status).toBe(404)
  })

  test.for([
    [{ product: '', quantity: 1 }, ['product']],
    [{ product: 'Cups', quantity: 0 }, ['quantity']],
    [{ quantity: 1.5 }, ['product', 'quantity']],
    [null, ['']],
  ] as const)('an order of %j is refused, field by field', async ([order, fields]) => {
    const { status, body } = await postOrder(await createToken(), order)

    expect(status).toBe(400)
    const { issues } = JSON.parse(body) as { issues: { field: string }[] }
    expect(issues.map(({ field }) => field)).toEqual(fields)
  })

  test('a body that is not JSON is refused', async () => {
    const headers = { 'content-type': 'application/json' }
    const { status, body } = await call('/orders', await createToken(), { body: '{', headers })

    expect(status).toBe(400)
    expect(JSON.parse(body)).toEqual({ error: 'invalid_request' })
  })
})

describe('raw routes', () => {
  test('an upload is counted and hashed as it streams, whatever its type', async () => {
    const body = 'x'.repeat(3_000_000)

    const { status, body: answer } = await call('/uploads', await createToken(), {
      body,
      headers: { 'content-type': 'application/json' },
    })

    expect(status).toBe(201)
    const sha256 = createHash('sha256').update(body).digest('hex')
    expect(JSON.parse(answer)).toEqual({ bytes: 3_000_000, sha256 })
  })

  test('the echo shows what arrived, and of the access token its scheme', async () => {
    const token = await createToken()

    const { body } = await call('/echo/a%2Fb?c=d', token, { method: 'PUT', body: 'x' })

    expect(JSON.parse(body)).toMatchObject({
      method: 'PUT',
      url: '/echo/a%2Fb?c=d',
      headers: { authorization: 'Bearer', host: new URL(api.url).host },
    })
    expect(body).not.toContain(token)
  })
})

const openEvents = async (token: string): Promise<IncomingMessage> =>
  open(new URL('/events', api.url), { headers: bearer(token) })

test('the event stream tells the orders at once, and again after every change', async () => {
  const token = await createToken()
  const stream = await openEvents(token)
  const nextEvent = readEvents(stream)

  expect(stream.headers['content-type']).toBe('text/event-stream')
  expect(await nextEvent()).toMatch(/^event: orders\ndata: \{"orders":\[\{.*Milk jug.*\n\n$/)

  await postOrder(await createToken({ subject: 'bob' }), { product: 'Helmet', quantity: 1 })
  await postOrder(token, { product: 'Cups', quantity: 4 })
  const event = await nextEvent()
  expect(event).toContain('Cups')
  expect(event).not.toContain('Helmet')
  stream.destroy()
})

test('closing the API ends its event streams', async () => {
  const nextEvent = readEvents(await openEvents(await createToken()))
  await nextEvent()

  await api.close()

  await expect(nextEvent()).rejects.toThrow('aborted')
})
