// Every answer of an agent becomes an outcome.
import { operations, tokenHandler1 } from '@token-handler/contract'
import { describe, expect, it } from 'vitest'
import { AGENT_TIMEOUT, createAgentClient } from '../../src/agent/agent-client.ts'
import { beginLifetime } from '../../src/platform/lifetime.ts'
import { createTracer } from '../../src/trace.ts'
import { expectAdvice } from '../support/expect-advice.ts'
import { AGENT_URL, createFakeAgent, networkError } from '../support/fake-agent.ts'
import type { Answer } from '../support/fake-agent.ts'
import { createFakeTab, START } from '../support/fake-platform.ts'
import { createGate, settle } from '../support/gate.ts'

const noTracer = createTracer('tab', () => 0)

function connect() {
  const agent = createFakeAgent()
  const tab = createFakeTab(agent.fetch)
  return {
    agent,
    tab,
    client: createAgentClient(
      AGENT_URL,
      tokenHandler1,
      beginLifetime(tab.platform).platform,
      noTracer,
    ),
  }
}

async function ask(answer: Answer) {
  const { agent, client } = connect()
  agent.answer('refresh', answer)
  return client.call('refresh')
}

describe('a success', () => {
  it.each<[string, Answer, object]>([
    ['JSON', { json: { access_token_expires_in: 300 } }, { accessTokenExpiresIn: 300 }],
    [
      'JSON with more in it',
      { json: { access_token_expires_in: 300, more: true } },
      { accessTokenExpiresIn: 300 },
    ],
    ['an empty object', { json: {} }, {}],
    ['null for absent', { json: { access_token_expires_in: null } }, {}],
    ['204', { status: 204 }, {}],
    [
      'another content type',
      { json: {}, headers: { 'content-type': 'application/x+json;charset=utf-8' } },
      {},
    ],
  ])('is understood: %s', async (_, answer, result) => {
    expect(await ask(answer)).toEqual({ kind: 'success', result, requestedAt: START })
  })

  it('carries the time of the request, not of the answer', async () => {
    const { agent, tab, client } = connect()
    agent.answer('session', () => {
      tab.advance(4_000)
      return { json: { is_logged_in: false } }
    })
    expect(await client.call('session')).toMatchObject({ requestedAt: START })
  })
})

it.each(operations)(
  'no HTTP cache answers for the agent, or keeps its answer: %s',
  async (operation) => {
    const { agent, client } = connect()
    await client.call(operation)
    expect(agent.calls(operation)[0]?.request.cache).toBe('no-store')
  },
)

describe('an answer that is not what the profile says', () => {
  it.each<[string, Answer]>([
    ['HTML', { text: '<!doctype html>' }],
    ['a JSON string', { json: 'ok' }],
    ['an array', { json: [] }],
    ['a wrong type', { json: { access_token_expires_in: '300' } }],
    ['cut off', { text: '{"access_token_expires_in":3' }],
    ['an error with a 200', { json: { error: 'login_required' } }],
    ['JSON of somebody else', { json: { status: 'offline' } }],
    ['an empty 200', { text: '', headers: { 'content-type': 'text/html' } }],
  ])('is a contract violation: %s', async (_, answer) => {
    expect(await ask(answer)).toMatchObject({
      kind: 'failure',
      error: { code: 'contract_violation', operation: 'refresh', status: 200, retryable: true },
    })
  })

  it.each<[string, Answer]>([
    ['an empty 200', { text: '' }],
    ['an error with a 200', { json: { error: 'offline' } }],
    ['a message', { json: { message: 'Please sign in.' } }],
  ])('is no sign-out either: %s', async (_, answer) => {
    const { agent, client } = connect()
    agent.answer('logout', answer)
    expect(await client.call('logout')).toMatchObject({ error: { code: 'contract_violation' } })
  })

  it.each([301, 302, 303, 307, 308])('is a redirect, not followed: %i', async (status) => {
    const { agent, client } = connect()
    agent.answer('session', { status, headers: { location: 'https://sso.example/' } })
    const outcome = await client.call('session')
    expect(outcome).toMatchObject({
      means: 'unavailable',
      error: { code: 'contract_violation', status, retryable: true },
    })
    expectAdvice(outcome.kind === 'failure' ? outcome.error.message : '', 'redirect')
    expect(agent.calls('session')[0]?.request.redirect).toBe('manual')
  })

  it('is a redirect that the browser hides', async () => {
    const { tab } = connect()
    const hidden = Object.defineProperty(Response.error(), 'type', { value: 'opaqueredirect' })
    const platform = { ...tab.platform, fetch: async () => hidden }
    const client = createAgentClient(
      AGENT_URL,
      tokenHandler1,
      beginLifetime(platform).platform,
      noTracer,
    )
    expect(await client.call('session')).toMatchObject({
      means: 'unavailable',
      error: { code: 'contract_violation', status: 302 },
    })
  })

  it('is one for an empty session answer', async () => {
    const { agent, client } = connect()
    agent.answer('session', { status: 204 })
    expect(await client.call('session')).toMatchObject({ error: { code: 'contract_violation' } })
  })

  it('is one for an authorization URL that is not http(s)', async () => {
    const { agent, client } = connect()
    agent.answer('startLogin', { json: { authorization_url: 'javascript:alert(1)' } })
    expect(await client.call('startLogin')).toMatchObject({
      error: { code: 'contract_violation' },
    })
  })
})

describe('a failure', () => {
  it.each<[number, string, boolean]>([
    [400, 'agent_configuration', false],
    [401, 'session_expired', false],
    [403, 'agent_configuration', false],
    [404, 'agent_configuration', false],
    [429, 'agent_unreachable', true],
    [500, 'agent_unreachable', true],
    [502, 'agent_unreachable', true],
    [503, 'agent_unreachable', true],
  ])('with status %i is %s', async (status, code, retryable) => {
    const outcome = await ask({ status, json: { error_code: 'x_y', detailed_error: 'because' } })
    expect(outcome).toMatchObject({
      kind: 'failure',
      error: {
        code,
        status,
        retryable,
        operation: 'refresh',
        agentCode: 'x_y',
        details: 'because',
      },
    })
  })

  it('without a readable body still has its status', async () => {
    expect(await ask({ status: 502, text: '<h1>Bad Gateway</h1>' })).toMatchObject({
      error: { code: 'agent_unreachable', status: 502, agentCode: undefined },
    })
  })

  it('of the network keeps its cause', async () => {
    expect(await ask(networkError)).toMatchObject({
      error: { code: 'agent_unreachable', retryable: true, status: undefined, cause: networkError },
    })
  })

  it.each([
    ['7', { retryAfter: 7 }],
    ['0', { retryAfter: 0 }],
    ['Thu, 01 Jan 2026 00:01:00 GMT', { retryAfter: 60 }],
    ['Thursday, 01-Jan-26 00:01:00 GMT', { retryAfter: 60 }],
    ['Wed, 21 Oct 2015 07:28:00 GMT', { retryAfter: 0 }],
    ['-1', {}],
    ['1.5', {}],
    ['soon', {}],
    ['Never, ever', {}],
    ['', {}],
  ])('with Retry-After: %s', async (value, expected) => {
    const outcome = await ask({ status: 503, headers: { 'retry-after': value } })
    const { retryAfter } = outcome.kind === 'failure' ? outcome : {}
    expect({ ...(retryAfter !== undefined && { retryAfter }) }).toEqual(expected)
  })

  it("with a date is read by the agent's own clock, where the page can see it", async () => {
    const headers = {
      date: 'Wed, 21 Oct 2026 07:28:00 GMT',
      'retry-after': 'Wed, 21 Oct 2026 07:28:20 GMT',
    }
    expect(await ask({ status: 503, headers })).toMatchObject({ retryAfter: 20 })
  })

  it.each<[string, Answer, RegExp, RegExp?]>([
    ['no answer', networkError, /agentUrl, and trust this origin/],
    [
      'an agent in trouble',
      { status: 502, json: { error_code: 'authorization_server_error' } },
      /answered refresh with 502 authorization_server_error\. Its log says why/,
      /origin|agentUrl/,
    ],
    [
      'details',
      { status: 500, json: { error_code: 'server_error', detailed_error: 'the key is gone' } },
      /500 server_error\. the key is gone/,
      /origin|agentUrl/,
    ],
    [
      'a gateway',
      { status: 502, text: '<h1>Bad Gateway</h1>' },
      /502, not by the OAuth Agent/,
      /origin|agentUrl/,
    ],
    [
      'a path without an agent',
      { status: 404, text: 'Not found' },
      /404: is the OAuth Agent at agentUrl/,
    ],
  ])('says what was seen, and no more: %s', async (_, answer, expected, unexpected = /^$/) => {
    const outcome = await ask(answer)
    const message = outcome.kind === 'failure' ? outcome.error.message : ''
    expectAdvice(message, expected)
    expect(message).not.toMatch(unexpected)
  })

  it('comes after 15 s without an answer', async () => {
    const { agent, tab, client } = connect()
    const gate = createGate()
    agent.answer('session', () => gate.passed.then(() => ({ json: {} })))
    const outcome = client.call('session')
    await settle()
    tab.advance(AGENT_TIMEOUT)
    const result = await outcome
    expect(result).toMatchObject({
      error: {
        code: 'agent_unreachable',
        retryable: true,
        cause: { name: 'TimeoutError' },
      },
    })
    expectAdvice(result.kind === 'failure' ? result.error.message : '', 'in time')
  })
})

describe('a request to the agent', () => {
  it('has cookies, the version header and the parameters as a form', async () => {
    const { agent, client } = connect()
    await client.call('startLogin', { parameters: new URLSearchParams({ ui_locales: 'sv en' }) })
    const [call] = agent.calls('startLogin')
    expect(call?.request.credentials).toBe('include')
    expect(call?.request.headers.get('token-handler-version')).toBe('1')
    expect(call?.request.headers.get('content-type')).toBe('application/x-www-form-urlencoded')
    expect(call?.body).toBe('ui_locales=sv+en')
  })

  it('outlives the page when its answer brings or removes cookies of the session', async () => {
    const { agent, client } = connect()
    for (const operation of operations) await client.call(operation)
    const outliving = operations.filter((operation) => agent.calls(operation)[0]?.keepalive)
    expect(outliving).toEqual(['endLogin', 'refresh', 'logout'])
  })
})
