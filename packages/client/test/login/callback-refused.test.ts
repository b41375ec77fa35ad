// Sign-ins that do not go well.
import { describe, expect, it } from 'vitest'
import { networkError, signedIn } from '../support/fake-agent.ts'
import { alice, comeBack } from '../support/page.ts'

describe('a sign-in whose response the agent does not take', () => {
  it('succeeds when the agent refuses the response but has a session already', async () => {
    const page = await comeBack('?code=c&state=s1')
    page.agent.answer('endLogin', { status: 400, json: { error_code: 'invalid_request' } })
    page.agent.answer('session', signedIn)
    expect((await page.client.load()).session).toEqual(alice)
    expect(page.events).toEqual(['sessionStarted'])
  })

  it("fails with the agent's code when the response is refused and there is no session", async () => {
    const page = await comeBack('?error=access_denied&state=s1')
    page.agent.answer('endLogin', {
      status: 400,
      json: { error_code: 'access_denied', detailed_error: 'The user said no' },
    })
    const result = await page.client.load()
    expect(result).toMatchObject({
      session: {
        status: 'error',
        error: {
          code: 'login_failed',
          operation: 'endLogin',
          status: 400,
          agentCode: 'access_denied',
          details: 'The user said no',
          retryable: false,
          cause: { code: 'agent_configuration' },
        },
      },
      returnTo: '/orders/7?tab=2#items',
    })
    expect(page.events).toEqual(['error'])
    // A route change awaits load() too: the message must not vanish by itself.
    expect((await page.client.load()).session.status).toBe('error')
    expect(page.agent.calls('session')).toHaveLength(1)
  })

  it('can be tried again when nobody could say whether the refused response led to a session', async () => {
    const page = await comeBack('?code=c&state=s1')
    page.agent.answer('endLogin', { status: 400, json: { error_code: 'invalid_request' } })
    page.agent.answer('session', networkError)
    expect((await page.client.load()).session).toMatchObject({
      status: 'error',
      error: { code: 'agent_unreachable', operation: 'session' },
    })
    page.agent.answer('session', signedIn)
    expect((await page.client.load()).session).toEqual(alice)
  })

  it.each([
    [401, 'login_required'],
    [400, 'interaction_required'],
    [400, 'consent_required'],
    [400, 'account_selection_required'],
  ])('is signed out, not an error, after a silent sign-in: %i %s', async (status, code) => {
    const page = await comeBack(`?error=${code}&state=s1`)
    page.agent.answer('endLogin', { status, json: { error_code: code } })
    expect((await page.client.load()).session).toEqual({
      status: 'unauthenticated',
      reason: 'login-required',
    })
    expect(page.events).toEqual([])
  })

  it.each([
    ['does not answer', networkError, 'agent_unreachable'],
    [
      'answers 502',
      { status: 502, json: { error_code: 'authorization_server_error' } },
      'agent_unreachable',
    ],
    ['answers nonsense', { text: '<html>' }, 'contract_violation'],
  ] as const)(
    'never sends the code twice when the agent %s; another load asks for the session',
    async (_, answer, code) => {
      const page = await comeBack('?code=c&state=s1')
      page.agent.answer('endLogin', () => {
        // Longer than browsers take to refuse a request that they do not send.
        page.tab.advance(250)
        return answer
      })
      expect((await page.client.load()).session).toMatchObject({ status: 'error', error: { code } })
      page.agent.answer('session', signedIn)
      const again = page.client.load()
      expect(page.client.getSnapshot()).toEqual({ status: 'loading' })
      expect(await again).toEqual({
        session: { ...alice, accessTokenExpiresAt: alice.accessTokenExpiresAt + 250 },
        returnTo: '/orders/7?tab=2#items',
        appState: { draft: 'x' },
      })
      expect(page.agent.calls('endLogin')).toHaveLength(1)
    },
  )
})
