// The demo API: orders, raw routes, and the event stream.
import { createHash } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { describe, expect, test } from 'vitest'
import { bearer, createToken, useDemoApi } from './demo-api-fixture.ts'
import { open, readEvents } from './visitor.ts'
import type { Answer } from './visitor.ts'

const api = useDemoApi()

const postOrder = async (token: string, order: unknown): Promise<Answer> =>
  api.call('/orders', token, {
    body: JSON.stringify(order),
    headers: { 'content-type': 'application/json' },
  })

describe('orders', () => {
  test('a placed order is in the list and has an address of its own', async () => {
    const token = await createToken()

    const placed = await postOrder(token, { product: ' Cups ', quantity: 4 })

    expect(placed.status).toBe(201)
    const order: unknown = JSON.parse(placed.body)
    expect(order).toMatchObject({ product: 'Cups', quantity: 4 })
    const { body } = await api.call('/orders', token)
    expect(JSON.parse(body)).toMatchObject({ orders: [order, {}, {}, {}] })
    const found = await api.call(placed.headers.get('location') ?? '', token)
    expect(JSON.parse(found.body)).toEqual(order)
  })

  test('nobody sees the orders of somebody else', async () => {
    const placed = await postOrder(await createToken(), { product: 'Cups', quantity: 4 })

    const bob = await createToken({ subject: 'bob' })

    expect((await api.call('/orders', bob)).body).not.toContain('Cups')
    expect((await api.call(placed.headers.get('location') ?? '', bob)).status).toBe(404)
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
    const { status, body } = await api.call('/orders', await createToken(), { body: '{', headers })

    expect(status).toBe(400)
    expect(JSON.parse(body)).toEqual({ error: 'invalid_request' })
  })
})

describe('raw routes', () => {
  test('an upload is counted and hashed as it streams, whatever its type', async () => {
    const body = 'x'.repeat(3_000_000)

    const { status, body: answer } = await api.call('/uploads', await createToken(), {
      body,
      headers: { 'content-type': 'application/json' },
    })

    expect(status).toBe(201)
    const sha256 = createHash('sha256').update(body).digest('hex')
    expect(JSON.parse(answer)).toEqual({ bytes: 3_000_000, sha256 })
  })

  test('the echo shows what arrived, and of the access token its scheme', async () => {
    const token = await createToken()

    const { body } = await api.call('/echo/a%2Fb?c=d', token, { method: 'PUT', body: 'x' })

    expect(JSON.parse(body)).toMatchObject({
      method: 'PUT',
      url: '/echo/a%2Fb?c=d',
      headers: { authorization: 'Bearer', host: new URL(api.url()).host },
    })
    expect(body).not.toContain(token)
  })
})

const openEvents = async (token: string): Promise<IncomingMessage> =>
  open(new URL('/events', api.url()), { headers: bearer(token) })

test('the event stream tells the orders at once, and again after every change', async () => {
  const token = await createToken()
  const stream = await openEvents(token)
  const nextEvent = readEvents(stream)

  expect(stream.headers['content-type']).toBe('text/event-stream')
  expect(await nextEvent()).toMatch(/^event: orders\ndata: \{"orders":\[\{.*Polar Night.*\n\n$/)

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
