// The second argument of `fetch` is read as the Fetch standard reads it: member by member.
import { describe, expect, it } from 'vitest'
import { expireAccessToken, ORDERS, unauthorized } from '../support/fake-agent.ts'
import { openSignedInPage } from '../support/page.ts'
import type { Page } from '../support/page.ts'

const ELSEWHERE = 'https://api.example.com/api/v1'

/** A library's options, whose members stand on a prototype. */
class LibraryOptions {
  get method() {
    return 'PUT'
  }
  get headers() {
    return { 'x-own': '1' }
  }
  get body() {
    return 'content'
  }
}

describe('what is sent', () => {
  const request = () =>
    new Request(ELSEWHERE, {
      method: 'PUT',
      body: 'content',
      headers: { 'x-own': '1', 'content-type': 'text/plain' },
      redirect: 'manual',
    })
  it.each<[string, RequestInfo, () => RequestInit, Partial<RequestInit>]>([
    ['a Request', ORDERS, () => request(), { redirect: 'manual' }],
    ['a Request beside a Request', new Request(ORDERS), () => request(), {}],
    ['an object of a class', ORDERS, () => new LibraryOptions(), {}],
    [
      'an object with a prototype',
      ORDERS,
      () => Object.create({ method: 'PUT', headers: { 'x-own': '1' }, body: 'content' }),
      {},
    ],
    [
      'a plain object',
      ORDERS,
      () => ({ method: 'PUT', headers: [['x-own', '1']], body: 'content' }),
      {},
    ],
  ])('is as `new Request` would have it, for %s as init', async (_, input, makeInit, more) => {
    const { client, agent } = await openSignedInPage()
    agent.answerApi(() => (agent.calls('refresh').length > 0 ? { json: 'ok' } : unauthorized))
    const response = await client.fetch(input, makeInit())
    expect(response.status).toBe(200)
    const calls = agent.apiCalls()
    expect(calls).toHaveLength(2)
    for (const { request: sent, body } of calls) {
      expect(sent).toMatchObject({ url: ORDERS, method: 'PUT', credentials: 'include', ...more })
      expect(sent.headers.get('x-own')).toBe('1')
      expect(sent.headers.get('token-handler-version')).toBe('1')
      expect(body).toBe('content')
    }
  })

  it('has the referrer and its policy of a Request', async () => {
    const { client, agent } = await openSignedInPage()
    const referring = { referrer: '', referrerPolicy: 'no-referrer' } as const
    await client.fetch(new Request(ORDERS, referring))
    expect(agent.apiCalls()[0]?.request).toMatchObject(referring)
  })

  it('may have no init: null', async () => {
    const { client } = await openSignedInPage()
    expect((await client.fetch(ORDERS, Object(null) as RequestInit)).status).toBe(200)
    expect((await client.fetch(ORDERS, JSON.parse('null') as RequestInit)).status).toBe(200)
  })

  it('has what a framework adds to the standard', async () => {
    const page = await openSignedInPage()
    const seen: unknown[] = []
    const { client } = page.createAnother((platform) => ({
      ...platform,
      async fetch(_input, init) {
        seen.push(init)
        return new Response('ok')
      },
    }))
    const init = { next: { revalidate: 1 }, refresh: false }
    await client.fetch(ORDERS, init)
    expect(seen).toEqual([expect.objectContaining({ next: { revalidate: 1 } })])
    expect(seen[0]).not.toHaveProperty('refresh')
  })
})

describe('a request of a visitor, without credentials', () => {
  it.each<[string, RequestInfo, RequestInit?]>([
    ['an init', ORDERS, { credentials: 'omit' }],
    ['a Request', new Request(ORDERS, { credentials: 'omit' })],
    ['a Request as init', ORDERS, new Request(ORDERS, { credentials: 'omit' })],
  ])('has no cookies, and its 401 is its own: %s', async (_, input, init) => {
    const { client, agent } = await openSignedInPage()
    agent.answerApi(unauthorized)
    expect((await client.fetch(input, init)).status).toBe(401)
    expect(agent.apiCalls().map(({ request }) => request.credentials)).toEqual(['omit'])
    expect(agent.apiCalls()[0]?.request.headers.get('token-handler-version')).toBe('1')
    expect(agent.calls('refresh')).toHaveLength(0)
  })

  it('is no proof that the browser sends cookies, and waits for no refresh', async () => {
    const page = await openSignedInPage()
    page.tab.advance(290_000)
    await page.client.fetch(ORDERS, { credentials: 'omit' })
    expect(page.agent.calls('refresh')).toHaveLength(0)
  })
})

describe('a request that shall not refresh', () => {
  it('gets the 401 as it is, also when the session is known to be over', async () => {
    const { client, agent } = await openSignedInPage()
    agent.answerApi(unauthorized)
    const response = await client.fetch(ORDERS, { refresh: false })
    expect(response.status).toBe(401)
    expect(agent.apiCalls()[0]?.request.credentials).toBe('include')
    await client.logout()
    expect((await client.fetch(ORDERS, { refresh: false })).status).toBe(401)
    expect(agent.calls('refresh')).toHaveLength(0)
  })

  it('is sent with a token that is due, and gets a wish for another sign-in as it is', async () => {
    const page = await openSignedInPage()
    page.tab.advance(290_000)
    page.agent.answerApi({
      status: 401,
      headers: { 'www-authenticate': 'Bearer error="insufficient_user_authentication"' },
    })
    expect((await page.client.fetch(ORDERS, { refresh: false })).status).toBe(401)
    expect(page.agent.calls('refresh')).toHaveLength(0)
  })
})

describe('what the caller changes after the call', () => {
  async function openDue() {
    const page = await openSignedInPage()
    page.tab.advance(290_000)
    return page
  }
  const bodies = ({ agent }: Page) => agent.apiCalls().map(({ body }) => body)

  // Web IDL takes any iterable for a sequence; the types of the DOM know arrays alone.
  it.each<[string, () => Iterable<[string, string]>]>([
    ['read once, as iterators are', () => new Headers({ 'x-own': '1' }).entries()],
    [
      'of a generator',
      () =>
        (function* own(): Generator<[string, string]> {
          yield ['x-own', '1']
        })(),
    ],
  ])('headers are sent again although they can be %s', async (_, makeHeaders) => {
    const { client, agent } = await openSignedInPage()
    expireAccessToken(agent)
    expect((await client.fetch(ORDERS, { headers: makeHeaders() as HeadersInit })).status).toBe(200)
    const sent = agent.apiCalls().map(({ request }) => request.headers.get('x-own'))
    expect(sent).toEqual(['1', '1'])
  })

  it('is not sent: headers', async () => {
    const { client, agent } = await openSignedInPage()
    expireAccessToken(agent)
    const headers = new Headers({ 'x-own': '1' })
    const response = client.fetch(ORDERS, { headers })
    headers.set('x-own', '2')
    await response
    const sent = agent.apiCalls().map(({ request }) => request.headers.get('x-own'))
    expect(sent).toEqual(['1', '1'])
  })

  it('is not sent: URLSearchParams that a loop uses again while the token is refreshed', async () => {
    const page = await openDue()
    const body = new URLSearchParams()
    const responses = ['1', '2', '3'].map((number) => {
      body.set('page', number)
      return page.client.fetch(ORDERS, { method: 'POST', body })
    })
    await Promise.all(responses)
    expect(bodies(page)).toEqual(['page=1', 'page=2', 'page=3'])
  })

  it('is not sent: a form', async () => {
    const page = await openDue()
    const body = new FormData()
    body.append('file', new File(['content'], 'name.txt'))
    const response = page.client.fetch(ORDERS, { method: 'POST', body })
    body.delete('file')
    await response
    expect(bodies(page)[0]).toMatch(/filename="name.txt"[^]*content/)
  })

  it.each<[string, (bytes: Uint8Array<ArrayBuffer>) => BodyInit]>([
    ['a typed array', (bytes) => bytes],
    ['a part of a buffer', (bytes) => bytes.subarray(0, 7)],
    ['an ArrayBuffer', (bytes) => bytes.buffer],
    ['a DataView', (bytes) => new DataView(bytes.buffer)],
  ])('is not sent: bytes of %s, in the second sending either', async (_, makeBody) => {
    const page = await openSignedInPage()
    expireAccessToken(page.agent)
    const bytes = new TextEncoder().encode('content')
    const response = page.client.fetch(ORDERS, { method: 'POST', body: makeBody(bytes) })
    bytes.fill(0)
    await response
    expect(bodies(page)).toEqual(['content', 'content'])
  })
})

it('a Request whose headers are replaced has the same content type both times: none', async () => {
  const { client, agent } = await openSignedInPage()
  expireAccessToken(agent)
  const headers = { 'content-type': 'application/json' }
  const request = new Request(ORDERS, { method: 'POST', body: '{}', headers })
  expect((await client.fetch(request, { headers: { 'x-own': '1' } })).status).toBe(200)
  const calls = agent.apiCalls()
  expect(calls.map(({ body }) => body)).toEqual(['{}', '{}'])
  const types = calls.map((call) => call.request.headers.get('content-type'))
  expect(types[1]).toBe(types[0])
})
