// What a failed refresh means for the session and for those who wait for it.
import { describe, expect, it } from 'vitest'
import { isTokenHandlerError } from '../../src/index.ts'
import { expireAccessToken, networkError, ORDERS, unauthorized } from '../support/fake-agent.ts'
import { START } from '../support/fake-platform.ts'
import { FLAG, openSignedInPage } from '../support/page.ts'

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
    tab.advance(1_000)
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
    tab.advance(17_999)
    await expect(client.refresh()).rejects.toMatchObject({ code: 'refresh_unavailable' })
    expect(agent.calls('refresh')).toHaveLength(1)
    tab.advance(2_001)
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
