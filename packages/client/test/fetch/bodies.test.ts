// Which bodies are sent a second time.
import { describe, expect, it } from 'vitest'
import { isTokenHandlerError } from '../../src/index.ts'
import { expireAccessToken, ORDERS } from '../support/fake-agent.ts'
import { settle } from '../support/gate.ts'
import { openSignedInPage } from '../support/page.ts'

describe('a body', () => {
  const form = new FormData()
  form.set('field', 'value')
  it.each<[string, BodyInit]>([
    ['a string', 'content'],
    ['URLSearchParams', new URLSearchParams({ a: '1' })],
    ['FormData', form],
    ['a Blob', new Blob(['content'])],
    ['an ArrayBuffer', new TextEncoder().encode('content').buffer],
    ['a typed array', new TextEncoder().encode('content')],
  ])('is sent again, whole: %s', async (_, body) => {
    const { client, agent } = await openSignedInPage()
    expireAccessToken(agent)
    expect((await client.fetch(ORDERS, { method: 'POST', body })).status).toBe(200)
    const bodies = agent.apiCalls().map((call) => call.body.replaceAll(/formdata-\S+/g, 'boundary'))
    expect(bodies).toHaveLength(2)
    expect(bodies[0]).toMatch(/content|a=1|value/)
    expect(bodies[1]).toBe(bodies[0])
  })

  const streamed = (size = 1) => ({
    method: 'POST',
    body: new Blob([new Uint8Array(size)]).stream(),
    duplex: 'half',
  })
  it.each<[string, () => [RequestInfo, RequestInit?]]>([
    ['a stream', () => [ORDERS, streamed()]],
    ['that of a Request, too large to be kept', () => [new Request(ORDERS, streamed(2 ** 20 + 1))]],
  ])('cannot be sent again: %s; the token is refreshed and the caller told', async (_, make) => {
    const { client, agent } = await openSignedInPage()
    expireAccessToken(agent)
    const error = await client.fetch(...make()).catch((reason: unknown) => reason)
    expect(error).toMatchObject({ code: 'request_not_replayed', status: 401, retryable: true })
    expect(isTokenHandlerError(error) && error.cause instanceof Response).toBe(true)
    expect(agent.apiCalls()).toHaveLength(1)
    expect(agent.calls('refresh')).toHaveLength(1)
    expect((await client.fetch(...make())).status).toBe(200)
  })

  it.each<[string, BodyInit, string?]>([
    ['JSON', '{"content":1}', 'application/json'],
    ['a JSON dialect', '{"content":1}', 'application/merge-patch+json'],
    ['text', 'content'],
    ['a form', new URLSearchParams({ a: '1' })],
    ['a form with files', form],
    ['a file', new Blob(['content'], { type: 'image/png' })],
    ['bytes of no type', new TextEncoder().encode('content')],
    ['XML', '<a>content</a>', 'application/xml'],
    ['a query', '{ content }', 'application/graphql'],
  ])('is sent again as the Request of a library has it: %s', async (_, body, type) => {
    const { client, agent } = await openSignedInPage()
    expireAccessToken(agent)
    const headers = { ...(type !== undefined && { 'content-type': type }) }
    const request = new Request(ORDERS, { method: 'POST', body, headers })
    expect((await client.fetch(request)).status).toBe(200)
    const [first, second] = agent.apiCalls()
    expect(first?.body).toMatch(/content|a=1|value/)
    expect(second?.body).toBe(first?.body)
    expect(second?.request.headers.get('content-type')).toBe(request.headers.get('content-type'))
  })

  it.each(['GET', 'DELETE'])('is not missed in a Request that has none: %s', async (method) => {
    const { client, agent } = await openSignedInPage()
    expireAccessToken(agent)
    expect((await client.fetch(new Request(ORDERS, { method }))).status).toBe(200)
  })

  it('of a Request that never ends is sent at once, and not waited for long after a 401', async () => {
    const page = await openSignedInPage()
    const body = new ReadableStream({ start: (stream) => stream.enqueue(new Uint8Array(1)) })
    const headers = { 'content-type': 'application/json' }
    const init = { method: 'POST', body, headers, duplex: 'half' }
    const request = new Request(ORDERS, init)
    let sent = 0
    const client = page.createAnother((platform) => ({
      ...platform,
      async fetch(input, init) {
        const { url } = input instanceof Request ? input : { url: String(input) }
        if (url !== ORDERS) return platform.fetch(input, init)
        sent += 1
        return new Response(null, { status: 401 })
      },
    })).client
    await client.load()
    const answered = client.fetch(request).catch((reason: unknown) => reason)
    await settle()
    expect(sent).toBe(1)
    page.tab.advance(1000)
    await settle()
    expect(await answered).toMatchObject({ code: 'request_not_replayed' })
    expect(sent).toBe(1)
  })

  it('that was read already is refused as by fetch', async () => {
    const { client } = await openSignedInPage()
    const request = new Request(ORDERS, { method: 'POST', body: 'x' })
    await request.text()
    await expect(client.fetch(request)).rejects.toBeInstanceOf(TypeError)
  })

  it('given beside a Request counts instead of the one in it', async () => {
    const { client, agent } = await openSignedInPage()
    expireAccessToken(agent)
    const request = new Request(ORDERS, { method: 'POST', body: 'old' })
    expect((await client.fetch(request, { body: 'new' })).status).toBe(200)
    expect(agent.apiCalls().map(({ body }) => body)).toEqual(['new', 'new'])
  })
})
