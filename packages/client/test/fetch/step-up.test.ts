// APIs that want another sign-in, not another access token.
import { describe, expect, it } from 'vitest'
import { isTokenHandlerError } from '../../src/index.ts'
import { ORDERS, unauthorized } from '../support/fake-agent.ts'
import { settle } from '../support/gate.ts'
import { HOME, openSignedInPage } from '../support/page.ts'

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

  it.each([
    ['error="insufficient_user_authentication", acr_values="mfa phr", max_age=300', 'mfa phr', 300],
    ['error="insufficient_user_authentication", max_age="0"', undefined, 0],
    ['acr_values=mfa, error="insufficient_user_authentication"', 'mfa', undefined],
    ['error="insufficient_user_authentication"', undefined, undefined],
    ['error="insufficient_user_authentication", max_age="soon"', undefined, undefined],
    ['error="insufficient_user_authentication", max_age=-1', undefined, undefined],
    ['error="insufficient_user_authentication", max_age=""', undefined, undefined],
    [
      'realm="acr_values=x, max_age=1", error="insufficient_user_authentication"',
      undefined,
      undefined,
    ],
  ])('says which sign-in the API wants: Bearer %s', async (challenge, acrValues, maxAge) => {
    const { client, agent } = await openSignedInPage()
    agent.answerApi({ status: 401, headers: { 'www-authenticate': `Bearer ${challenge}` } })
    const error = await client.fetch(ORDERS).catch((reason: unknown) => reason)
    expect(error).toMatchObject({ code: 'step_up_required', acrValues, maxAge })
  })

  it.each([
    'Bearer realm="an error=insufficient_user_authentication ago", error="invalid_token"',
    'Bearer error_description="\\"error=insufficient_user_authentication", error="invalid_token"',
  ])('is not taken for one that only speaks of it: %s', async (challenge) => {
    const { client, agent } = await openSignedInPage()
    agent.answerApi(() =>
      agent.calls('refresh').length > 0
        ? { json: 'ok' }
        : { status: 401, headers: { 'www-authenticate': challenge } },
    )
    expect((await client.fetch(ORDERS)).status).toBe(200)
  })

  it('gets it: what the error says is what a sign-in goes on with', async () => {
    const page = await openSignedInPage()
    const challenge =
      'Bearer error="insufficient_user_authentication", acr_values="mfa phr", max_age=300'
    page.agent.answerApi({ status: 401, headers: { 'www-authenticate': challenge } })
    const error = await page.client.fetch(ORDERS).catch((reason: unknown) => reason)
    if (!isTokenHandlerError(error)) throw error
    const { acrValues = '', maxAge } = error
    const parameters = { acr_values: acrValues, max_age: String(maxAge) }
    void page.client.login({ returnTo: '/payments/7', parameters })
    await settle()
    expect(page.agent.calls('startLogin').map(({ body }) => body)).toEqual([
      'acr_values=mfa+phr&max_age=300',
    ])
    expect(page.tab.navigations).toHaveLength(1)

    const back = page.open(`${HOME}?code=c&state=s1`)
    expect((await back.client.load()).returnTo).toBe('/payments/7')
    back.agent.answerApi({ json: 'paid' })
    expect(await (await back.client.fetch(ORDERS)).json()).toBe('paid')
    expect(back.agent.calls('refresh')).toHaveLength(0)
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
