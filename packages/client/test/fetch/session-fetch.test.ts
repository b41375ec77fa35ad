// `fetch` for the APIs: what happens around a 401.
import { describe, expect, it } from 'vitest'
import { isTokenHandlerError } from '../../src/index.ts'
import { AGENT_URL, API_URL, networkError, signedIn, signedOut } from '../support/fake-agent.ts'
import type { FakeAgent } from '../support/fake-agent.ts'
import { START } from '../support/fake-platform.ts'
import { createGate, settle } from '../support/gate.ts'
import { FLAG, openPage, openSignedInPage } from '../support/page.ts'

const ORDERS = `${API_URL}/orders`
const unauthorized = {
  status: 401,
  headers: { 'www-authenticate': 'Bearer error="invalid_token"' },
}

/** The API accepts only a token of a later refresh than the test has seen so far. */
function expireAccessToken(agent: FakeAgent): void {
  const seen = agent.calls('refresh').length
  let refreshed = seen
  const answer = { json: { access_token_expires_in: 300 } }
  agent.answer('refresh', () => {
    refreshed += 1
    return answer
  })
  agent.answerApi(() => (refreshed > seen ? { json: 'ok' } : unauthorized))
}

describe('a request to an API', () => {
  it('has the cookies and the version header, and is otherwise what the app made of it', async () => {
    const { client, agent } = await openSignedInPage()
    const response = await client.fetch(`${ORDERS}?page=2`, {
      method: 'PUT',
      headers: { 'x-own': '1', 'token-handler-version': 'mine' },
      body: 'x',
      credentials: 'omit',
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

describe('an access token known to be near its end', () => {
  it('is refreshed before the next request, and only then', async () => {
    const { client, agent, tab } = await openSignedInPage()
    tab.advance(269_999)
    await client.fetch(ORDERS)
    expect(agent.calls('refresh')).toHaveLength(0)
    tab.advance(1)
    await Promise.all([client.fetch(ORDERS), client.fetch(ORDERS)])
    await client.fetch(ORDERS)
    expect(agent.calls('refresh')).toHaveLength(1)
    expect(client.getSnapshot()).toMatchObject({ accessTokenExpiresAt: START + 570_000 })
  })

  it('does not keep a request from being sent when it cannot be refreshed just now', async () => {
    const { client, agent, tab } = await openSignedInPage()
    tab.advance(280_000)
    agent.answer('refresh', { status: 502 })
    expect((await client.fetch(ORDERS)).status).toBe(200)
    agent.answerApi(unauthorized)
    await expect(client.fetch(ORDERS)).rejects.toMatchObject({ code: 'refresh_unavailable' })
    // One attempt for each of the two requests.
    expect(agent.calls('refresh')).toHaveLength(2)
  })

  it('keeps the request from being sent when the session is over', async () => {
    const { client, agent, tab } = await openSignedInPage()
    tab.advance(280_000)
    agent.answer('refresh', { status: 401 })
    await expect(client.fetch(ORDERS)).rejects.toMatchObject({ code: 'session_expired' })
    expect(agent.apiCalls()).toHaveLength(0)
  })

  it('is not refreshed twice for one request that is refused all the same', async () => {
    const { client, agent, tab } = await openSignedInPage()
    tab.advance(280_000)
    agent.answerApi(unauthorized)
    expect((await client.fetch(ORDERS)).status).toBe(401)
    expect(agent.calls('refresh')).toHaveLength(1)
    expect(agent.apiCalls()).toHaveLength(1)
  })
})

describe('a refresh that fails', () => {
  it.each([
    ['401 session_expired', 401, 'session_expired'],
    ['401 of any kind', 401, 'whatever'],
    ['400 invalid_grant', 400, 'invalid_grant'],
    ['400 session_expired', 400, 'session_expired'],
  ])('ends the session when it is definite: %s', async (_, status, code) => {
    const { client, agent, events, tab } = await openSignedInPage()
    agent.answerApi(unauthorized)
    agent.answer('refresh', { status, json: { error_code: code } })
    const requests = [client.fetch(ORDERS), client.fetch(ORDERS), client.refresh()]
    for (const result of await Promise.allSettled(requests)) {
      expect(result).toMatchObject({
        status: 'rejected',
        reason: { code: 'session_expired', retryable: false, status, agentCode: code },
      })
    }
    expect(client.getSnapshot()).toEqual({ status: 'unauthenticated', reason: 'expired' })
    expect(events).toEqual(['sessionStarted', 'sessionExpired'])
    expect(tab.localStorage.get(FLAG)).toBe(`false:${START}`)
    expect(agent.calls('refresh')).toHaveLength(1)
  })

  it.each([
    ['500', { status: 500 }],
    ['502', { status: 502, json: { error_code: 'authorization_server_error' } }],
    ['429', { status: 429, json: { error_code: 'too_many_requests' } }],
    ['no network', networkError],
    ['no JSON', { text: '<html>' }],
    ['wrong JSON', { json: { access_token_expires_in: 'soon' } }],
  ] as const)('keeps the session, stale, when it may pass: %s', async (_, answer) => {
    const { client, agent, events, tab } = await openSignedInPage()
    agent.answerApi(unauthorized)
    agent.answer('refresh', answer)
    const error = await client.fetch(ORDERS).catch((reason: unknown) => reason)
    expect(error).toMatchObject({ code: 'refresh_unavailable', retryable: true })
    expect(isTokenHandlerError(error) && isTokenHandlerError(error.cause)).toBe(true)
    expect(client.getSnapshot()).toMatchObject({ status: 'authenticated', stale: true })
    expect(events).toEqual(['sessionStarted', 'error'])
    expect(tab.localStorage.get(FLAG)).toBe(`true:${START}`)
    expireAccessToken(agent)
    expect((await client.fetch(ORDERS)).status).toBe(200)
    expect(client.getSnapshot()).toMatchObject({ status: 'authenticated', stale: false })
  })

  it.each([400, 403, 404, 415])(
    'keeps the session as it is when it is refused with %i',
    async (status) => {
      const { client, agent } = await openSignedInPage()
      const before = client.getSnapshot()
      agent.answerApi(unauthorized)
      agent.answer('refresh', { status, json: { error_code: 'untrusted_request' } })
      await expect(client.fetch(ORDERS)).rejects.toMatchObject({
        code: 'agent_configuration',
        status,
        retryable: false,
      })
      expect(client.getSnapshot()).toBe(before)
      expect(agent.calls('refresh')).toHaveLength(1)
    },
  )

  it('is not repeated before the time that the agent asks for', async () => {
    const { client, agent, tab } = await openSignedInPage()
    agent.answer('refresh', { status: 429, headers: { 'retry-after': '20' } })
    await expect(client.refresh()).rejects.toMatchObject({ code: 'refresh_unavailable' })
    tab.advance(19_999)
    await expect(client.refresh()).rejects.toMatchObject({ code: 'refresh_unavailable' })
    expect(agent.calls('refresh')).toHaveLength(1)
    tab.advance(1)
    agent.answer('refresh', { json: {} })
    await client.refresh()
    expect(agent.calls('refresh')).toHaveLength(2)
  })

  it('is repeated after five minutes, however long the agent asks for', async () => {
    const { client, agent, tab } = await openSignedInPage()
    agent.answer('refresh', { status: 503, headers: { 'retry-after': '86400' } })
    await expect(client.refresh()).rejects.toMatchObject({ code: 'refresh_unavailable' })
    tab.advance(300_000)
    agent.answer('refresh', { json: {} })
    await expect(client.refresh()).resolves.toBeUndefined()
  })
})

describe('while nobody is signed in', () => {
  it('requests are sent, and a 401 is answered without a refresh', async () => {
    const { client, agent } = openPage()
    await client.load()
    expect((await client.fetch(ORDERS)).status).toBe(200)
    agent.answerApi(unauthorized)
    await expect(client.fetch(ORDERS)).rejects.toMatchObject({ code: 'session_expired' })
    await expect(client.refresh()).rejects.toMatchObject({ code: 'session_expired' })
    expect(agent.calls('refresh')).toHaveLength(0)
  })

  it('a sign-in that was found meanwhile makes refreshes possible again', async () => {
    const { client, agent } = openPage()
    agent.answer('session', signedOut)
    await client.load()
    agent.answer('session', signedIn)
    await client.session()
    expireAccessToken(agent)
    expect((await client.fetch(ORDERS)).status).toBe(200)
  })
})

it('a request refused while a login is being ended is sent again with the new session', async () => {
  const page = openPage()
  void page.client.login()
  await settle()
  const gate = createGate()
  page.agent.answer('endLogin', () => gate.passed.then(() => signedIn))
  page.agent.answerApi(unauthorized)
  const callback = page.open('https://www.example.com/?code=c&state=s1')
  const loading = callback.client.load()
  const request = callback.client.fetch(ORDERS)
  await settle()
  page.agent.answerApi({ json: 'ok' })
  gate.open()
  await loading
  expect((await request).status).toBe(200)
  expect(page.agent.calls('refresh')).toHaveLength(0)
})

describe('an API that wants a stronger sign-in', () => {
  it.each([
    'Bearer error="insufficient_user_authentication", acr_values="mfa"',
    'Bearer realm="x", error=insufficient_user_authentication',
  ])('rejects with its response, and refreshes nothing: %s', async (challenge) => {
    const { client, agent } = await openSignedInPage()
    agent.answerApi({ status: 401, headers: { 'www-authenticate': challenge } })
    const error = await client.fetch(ORDERS).catch((reason: unknown) => reason)
    expect(error).toMatchObject({ code: 'step_up_required', status: 401 })
    const response = isTokenHandlerError(error) ? error.cause : undefined
    expect(response instanceof Response && response.headers.get('www-authenticate')).toBe(challenge)
    expect(agent.calls('refresh')).toHaveLength(0)
    expect(client.getSnapshot().status).toBe('authenticated')
  })

  it('may say so only after the refresh', async () => {
    const { client, agent } = await openSignedInPage()
    agent.answerApi(() =>
      agent.calls('refresh').length === 0
        ? unauthorized
        : {
            status: 401,
            headers: { 'www-authenticate': 'Bearer error="insufficient_user_authentication"' },
          },
    )
    await expect(client.fetch(ORDERS)).rejects.toMatchObject({ code: 'step_up_required' })
    expect(agent.apiCalls()).toHaveLength(2)
  })
})

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

  const stream = () => new Blob(['content']).stream()
  it.each<[string, () => [RequestInfo, RequestInit?]]>([
    ['a stream', () => [ORDERS, { method: 'POST', body: stream(), duplex: 'half' }]],
    ['that of a Request', () => [new Request(ORDERS, { method: 'POST', body: 'content' })]],
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

  it.each(['GET', 'DELETE'])('is not missed in a Request that has none: %s', async (method) => {
    const { client, agent } = await openSignedInPage()
    expireAccessToken(agent)
    expect((await client.fetch(new Request(ORDERS, { method }))).status).toBe(200)
  })

  it('given beside a Request counts instead of the one in it', async () => {
    const { client, agent } = await openSignedInPage()
    expireAccessToken(agent)
    const request = new Request(ORDERS, { method: 'POST', body: 'old' })
    expect((await client.fetch(request, { body: 'new' })).status).toBe(200)
    expect(agent.apiCalls().map(({ body }) => body)).toEqual(['new', 'new'])
  })
})

describe('a caller who aborts', () => {
  it('before the request gets the reason, and nothing is sent', async () => {
    const { client, agent } = await openSignedInPage()
    const reason = new Error('changed my mind')
    const request = client.fetch(ORDERS, { signal: AbortSignal.abort(reason) })
    await expect(request).rejects.toBe(reason)
    expect(agent.calls('refresh')).toHaveLength(0)
  })

  it.each(['init', 'Request'])(
    'during the refresh gets the reason; the refresh and the other callers go on (%s)',
    async (where) => {
      const { client, agent } = await openSignedInPage()
      const gate = createGate()
      let refreshed = false
      agent.answerApi(() => (refreshed ? { json: 'ok' } : unauthorized))
      agent.answer('refresh', async () => {
        await gate.passed
        refreshed = true
        return { json: {} }
      })
      const controller = new AbortController()
      const { signal } = controller
      const leaving =
        where === 'init'
          ? client.fetch(ORDERS, { signal })
          : client.fetch(new Request(ORDERS, { signal }))
      const staying = client.fetch(ORDERS)
      await settle()
      const reason = new Error('left the page')
      controller.abort(reason)
      await expect(leaving).rejects.toBe(reason)
      gate.open()
      expect((await staying).status).toBe(200)
      expect(agent.calls('refresh')).toHaveLength(1)
      expect(agent.apiCalls()).toHaveLength(3)
    },
  )

  it('during the second sending aborts that too', async () => {
    const { client, agent } = await openSignedInPage()
    const controller = new AbortController()
    const reason = new Error('too slow')
    agent.answerApi(() => {
      if (agent.calls('refresh').length === 0) return unauthorized
      controller.abort(reason)
      return createGate().passed.then(() => ({ json: 'ok' }))
    })
    await expect(client.fetch(ORDERS, { signal: controller.signal })).rejects.toBe(reason)
  })
})
