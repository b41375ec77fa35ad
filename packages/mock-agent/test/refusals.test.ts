// What the mock refuses before any operation runs.
import { operations, tokenHandler1 } from '@token-handler/contract'
import { describe, expect, test } from 'vitest'
import { agentUrl, call, createTestAgent } from './support/test-agent.ts'

describe.each(operations)('%s', (operation) => {
  test.each([
    ['without the version header', { 'token-handler-version': '' }],
    ['with another version', { 'token-handler-version': '2' }],
    ['from a foreign origin', { origin: 'https://evil.example' }],
    ['from the null origin', { origin: 'null' }],
    ['from another site that shows no origin', { 'sec-fetch-site': 'cross-site' }],
  ])('is refused %s', async (_how, change) => {
    const { agent } = createTestAgent({ signedIn: 'alice' })
    const response = await call(
      (url, init) =>
        agent.fetch(url, { ...init, headers: { ...tokenHandler1.headers, ...change } }),
      operation,
    )
    expect(response.status).toBe(403)
    expect(await response.json()).toMatchObject({ error_code: 'untrusted_request' })
  })
})

const refusals: readonly [string, string, RequestInit, number, string][] = [
  ['an unknown path', '/nothing', {}, 404, 'not_found'],
  // To the mock, every browser is one that binds no session to its device.
  ['a registration of a device', '/dbsc/register', { method: 'POST' }, 404, 'not_found'],
  ['a proof of a device', '/dbsc/refresh', { method: 'POST' }, 404, 'not_found'],
  ['another method', '/refresh', { method: 'GET' }, 405, 'method_not_allowed'],
  [
    'a JSON body',
    '/login/start',
    {
      method: 'POST',
      body: '{}',
      headers: { ...tokenHandler1.headers, 'content-type': 'application/json' },
    },
    415,
    'unsupported_media_type',
  ],
  [
    'a parameter sent twice',
    '/login/start',
    { method: 'POST', body: new URLSearchParams('prompt=none&prompt=login') },
    400,
    'invalid_request',
  ],
]

test.each(refusals)('%s is refused', async (_what, path, init, status, code) => {
  const { agent } = createTestAgent()
  const response = await agent.fetch(agentUrl + path, { headers: tokenHandler1.headers, ...init })
  expect(response.status).toBe(status)
  expect(await response.json()).toMatchObject({ error_code: code })
})

test('a refused method is told the right one', async () => {
  const { agent } = createTestAgent()
  const response = await agent.fetch(`${agentUrl}/session`, {
    method: 'DELETE',
    headers: tokenHandler1.headers,
  })
  expect(response.headers.get('allow')).toBe('GET, OPTIONS')
})
