// ky on top of the session: what ky does by itself still works, and a 401 is handled below it.
import ky from 'ky'
import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { createApi } from '../src/ky.ts'
import { API_URL, expireAccessToken, networkError, unauthorized } from './support/fake-agent.ts'
import type { FakeAgent } from './support/fake-agent.ts'
import { createGate } from './support/gate.ts'
import { openSignedInPage } from './support/page.ts'

const prefix = `${API_URL}/`
const form = new FormData()
form.set('field', 'value')

const bodies = (agent: FakeAgent) =>
  agent.apiCalls().map(({ body }) => body.replaceAll(/formdata-\S+/g, 'boundary'))

describe('an API made with ky', () => {
  it('types and checks what it receives', async () => {
    const { client, agent } = await openSignedInPage()
    agent.answerApi({ json: { id: 7 } })
    const api = createApi(client, { prefix })
    const order = await api.get('orders/7').json(z.object({ id: z.number() }))
    expect(order.id satisfies number).toBe(7)
    expect(agent.apiCalls()[0]?.request.headers.get('token-handler-version')).toBe('1')
  })

  it.each([
    ['JSON', { json: { bags: 2 } }],
    ['a form', { body: new URLSearchParams({ bags: '2' }) }],
    ['a form with files', { body: form }],
    ['text', { body: 'two bags' }],
  ])('sends %s again after a refresh, whole, and ky notices nothing', async (_, options) => {
    const { client, agent } = await openSignedInPage()
    expireAccessToken(agent)
    const api = createApi(client, { prefix, retry: 0 })
    expect(await api.post('orders', options).json()).toBe('ok')
    const [first, second] = bodies(agent)
    expect(first).toMatch(/2|value|two/)
    expect(second).toBe(first)
    expect(agent.calls('refresh')).toHaveLength(1)
  })

  it('says that a long stream cannot be sent again, in place of a second, empty one', async () => {
    const { client, agent } = await openSignedInPage()
    expireAccessToken(agent)
    const api = createApi(client, { prefix, retry: 0 })
    const content = new Blob([new Uint8Array(2 ** 20 + 1)])
    const sending = api.post('orders', { body: content.stream() })
    await expect(sending).rejects.toMatchObject({ code: 'request_not_replayed' })
    expect(agent.apiCalls()).toHaveLength(1)
  })

  it("keeps ky's own retries for what is not a matter of the session", async () => {
    const { client, agent } = await openSignedInPage()
    const answers = [networkError, { status: 503 }, unauthorized, { json: 'ok' }]
    agent.answerApi(() => answers.shift() ?? { status: 500 })
    const api = createApi(client, { prefix, retry: { limit: 2, delay: () => 0 } })
    expect(await api.get('orders').json()).toBe('ok')
    expect(agent.apiCalls()).toHaveLength(4)
    expect(agent.calls('refresh')).toHaveLength(1)
  })

  it('sends JSON again after a failure and after a refresh', async () => {
    const { client, agent } = await openSignedInPage()
    const answers = [{ status: 503 }, unauthorized, { json: 'ok' }]
    agent.answerApi(() => answers.shift() ?? { status: 500 })
    const api = createApi(client, {
      prefix,
      retry: { limit: 1, delay: () => 0, methods: ['post'] },
    })
    expect(await api.post('orders', { json: { bags: 2 } }).json()).toBe('ok')
    expect(bodies(agent)).toEqual(['{"bags":2}', '{"bags":2}', '{"bags":2}'])
  })

  it("keeps ky's time-out, which ends the wait of its caller only", async () => {
    const { client, agent } = await openSignedInPage()
    agent.answerApi(unauthorized)
    const gate = createGate()
    agent.answer('refresh', () => gate.passed.then(() => ({ json: {} })))
    const api = createApi(client, { prefix, retry: 0, timeout: 10 })
    await expect(api.get('orders').json()).rejects.toThrow('timed out')
    const other = client.refresh()
    gate.open()
    await other
    expect(agent.calls('refresh')).toHaveLength(1)
  })

  it("rejects with ky's error for what the API says, and the session's for the session", async () => {
    const { client, agent } = await openSignedInPage()
    agent.answerApi({ status: 404, json: { reason: 'unknown' } })
    const api = createApi(client, { prefix })
    await expect(api.get('orders').json()).rejects.toMatchObject({
      name: 'HTTPError',
      response: { status: 404 },
    })
    agent.answerApi(unauthorized)
    agent.answer('refresh', { status: 401, json: { error_code: 'session_expired' } })
    const calls = agent.apiCalls().length
    await expect(api.get('orders').json()).rejects.toMatchObject({ code: 'session_expired' })
    expect(agent.apiCalls()).toHaveLength(calls + 1)
  })

  it('is extended as any other instance of ky', async () => {
    const { client, agent } = await openSignedInPage()
    const api = createApi(client, { prefix }).extend({ headers: { 'x-shop': '7' } })
    await api.get('orders').json()
    expect(agent.apiCalls()[0]?.request.headers.get('x-shop')).toBe('7')
    expect(api.create).toBeTypeOf(typeof ky.create)
  })
})
