// `fetch` for the APIs: what is sent, and what a 401 leads to.
import { describe, expect, it } from 'vitest'
import {
  AGENT_URL,
  expireAccessToken,
  networkError,
  ORDERS,
  signedOut,
  unauthorized,
} from '../support/fake-agent.ts'
import { createGate, settle } from '../support/gate.ts'
import { openPage, openSignedInPage } from '../support/page.ts'

describe('a request to an API', () => {
  it('has the cookies and the version header, and is otherwise what the app made of it', async () => {
    const { client, agent } = await openSignedInPage()
    const response = await client.fetch(`${ORDERS}?page=2`, {
      method: 'PUT',
      headers: { 'x-own': '1', 'token-handler-version': 'mine' },
      body: 'x',
      credentials: 'same-origin',
    })
    expect(await response.json()).toBe('ok')
    const [call] = agent.apiCalls()
    expect(call?.request.url).toBe(`${ORDERS}?page=2`)
    expect(call?.request.method).toBe('PUT')
    expect(call?.request.credentials).toBe('include')
    expect(call?.request.headers.get('x-own')).toBe('1')
    expect(call?.request.headers.get('token-handler-version')).toBe('1')
    expect(call?.body).toBe('x')
  })

  it.each([
    ['a URL', new URL(ORDERS)],
    ['a Request', new Request(ORDERS, { headers: { 'x-own': '1' } })],
  ])('may be %s', async (_, input) => {
    const { client, agent } = await openSignedInPage()
    await client.fetch(input)
    const [call] = agent.apiCalls()
    expect(call?.request.headers.get('token-handler-version')).toBe('1')
    if (input instanceof Request) expect(call?.request.headers.get('x-own')).toBe('1')
  })

  it('may be relative to the page', async () => {
    const { client, agent } = openPage({ apiUrls: ['/api'] })
    await client.load()
    await client.fetch('/api/orders')
    expect(agent.apiCalls()[0]?.request.url).toBe('https://www.example.com/api/orders')
    expect(agent.apiCalls()[0]?.request.credentials).toBe('include')
  })
})

describe('a request elsewhere', () => {
  it.each([
    'https://elsewhere.example/data',
    'https://api.example.com/api-look-alike',
    `${AGENT_URL}/session`,
  ])('to %s passes through untouched, 401 and all', async (url) => {
    const { client, agent } = await openSignedInPage()
    agent.answerApi(unauthorized)
    agent.answer('session', unauthorized)
    const init = { headers: { 'x-own': '1' } }
    expect((await client.fetch(url, init)).status).toBe(401)
    const call = agent.allCalls().at(-1)
    expect(call?.request.credentials).toBe('same-origin')
    expect(call?.request.headers.has('token-handler-version')).toBe(false)
    expect(agent.calls('refresh')).toHaveLength(0)
  })
})

describe('a request with an expired access token', () => {
  it('succeeds after one refresh, and the caller sees nothing of it', async () => {
    const { client, agent, events } = await openSignedInPage()
    expireAccessToken(agent)
    const response = await client.fetch(ORDERS, { method: 'POST', body: '{"id":7}' })
    expect(response.status).toBe(200)
    expect(agent.apiCalls().map(({ body }) => body)).toEqual(['{"id":7}', '{"id":7}'])
    expect(agent.calls('refresh')).toHaveLength(1)
    expect(events).toEqual(['sessionStarted', 'refreshed'])
  })

  it('causes one refresh together with 99 others, and each is sent twice', async () => {
    const { client, agent } = await openSignedInPage()
    expireAccessToken(agent)
    const requests = Array.from({ length: 100 }, (_, id) => client.fetch(`${ORDERS}/${id}`))
    const statuses = (await Promise.all(requests)).map(({ status }) => status)
    expect(new Set(statuses)).toEqual(new Set([200]))
    expect(agent.calls('refresh')).toHaveLength(1)
    expect(agent.apiCalls()).toHaveLength(200)
  })

  it('is sent again without a refresh when somebody else has refreshed since', async () => {
    const { client, agent } = await openSignedInPage()
    const gate = createGate()
    expireAccessToken(agent)
    let straggler = true
    agent.answerApi(async ({ url }) => {
      if (!url.endsWith('/slow') || !straggler) {
        return agent.calls('refresh').length === 0 ? unauthorized : { json: 'ok' }
      }
      straggler = false
      await gate.passed
      return unauthorized
    })
    const slow = client.fetch(`${ORDERS}/slow`)
    await client.fetch(`${ORDERS}/fast`)
    expect(agent.calls('refresh')).toHaveLength(1)
    gate.open()
    expect((await slow).status).toBe(200)
    expect(agent.calls('refresh')).toHaveLength(1)
  })

  it('may refresh once itself when even that newer token is refused', async () => {
    const { client, agent } = await openSignedInPage()
    const gate = createGate()
    agent.answerApi(async () => {
      await gate.passed
      return agent.calls('refresh').length === 2 ? { json: 'ok' } : unauthorized
    })
    const request = client.fetch(ORDERS)
    await client.refresh()
    gate.open()
    expect((await request).status).toBe(200)
    expect(agent.calls('refresh')).toHaveLength(2)
    expect(agent.apiCalls()).toHaveLength(3)
  })

  it('waits for a refresh under way instead of being refused first', async () => {
    const { client, agent } = await openSignedInPage()
    const gate = createGate()
    agent.answer('refresh', () => gate.passed.then(() => ({ json: {} })))
    const refreshing = client.refresh()
    const request = client.fetch(ORDERS)
    await settle()
    expect(agent.apiCalls()).toHaveLength(0)
    gate.open()
    await Promise.all([refreshing, request])
    expect(agent.apiCalls()).toHaveLength(1)
    expect(agent.calls('refresh')).toHaveLength(1)
  })

  it('gets the 401 when the refreshed token is refused too, and nothing loops', async () => {
    const { client, agent } = await openSignedInPage()
    agent.answerApi(unauthorized)
    expect((await client.fetch(ORDERS)).status).toBe(401)
    expect(agent.apiCalls()).toHaveLength(2)
    expect(agent.calls('refresh')).toHaveLength(1)
    expect(client.getSnapshot().status).toBe('authenticated')
  })

  it('is told that the session is over, when the agent says so after all', async () => {
    const { client, agent } = await openSignedInPage()
    agent.answerApi(unauthorized)
    agent.answer('session', signedOut)
    await expect(client.fetch(ORDERS)).rejects.toMatchObject({ code: 'session_expired' })
    expect(client.getSnapshot()).toEqual({ status: 'unauthenticated', reason: 'expired' })
  })

  it('gets a 403 as it is', async () => {
    const { client, agent } = await openSignedInPage()
    agent.answerApi({ status: 403 })
    expect((await client.fetch(ORDERS)).status).toBe(403)
    expect(agent.calls('refresh')).toHaveLength(0)
  })

  it("gets the network's own error", async () => {
    const { client, agent } = await openSignedInPage()
    agent.answerApi(networkError)
    await expect(client.fetch(ORDERS)).rejects.toBe(networkError)
  })
})
