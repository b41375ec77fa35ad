// What an authorization request asks for: scope, resource, and a stronger sign-in.
import { describe, expect, it } from 'vitest'
import { createWorld } from '../support/world.ts'

describe('the authorization request', () => {
  it('asks for the scope and the resource of the configuration, at the token endpoint too', async () => {
    const client = { scope: 'openid orders', resource: 'https://orders.example/api' }
    const world = await createWorld({ configuration: { client } })
    const { body } = await world.browser.post('/login/start')
    const url = String(body['authorization_url'])
    expect(Object.fromEntries(new URL(url).searchParams)).toMatchObject(client)
    await world.browser.post('/login/end', world.server.authenticate(url))
    await world.browser.post('/refresh')
    for (const form of world.server.forms) {
      expect(form.get('resource')).toBe(client.resource)
      expect(form.has('scope'), 'never more than was granted').toBe(false)
    }
    expect(world.server.forms).toHaveLength(2)
  })

  it('has the extra parameters of the configuration, unless the page may say otherwise', async () => {
    const extraParameters = { audience: 'https://api.example', prompt: 'consent' }
    const { browser } = await createWorld({ configuration: { client: { extraParameters } } })
    const parametersOf = async (form: Record<string, string>) => {
      const { body } = await browser.post('/login/start', form)
      return Object.fromEntries(new URL(String(body['authorization_url'])).searchParams)
    }
    expect(await parametersOf({})).toMatchObject(extraParameters)
    const silent = { ...extraParameters, prompt: 'none' }
    expect(await parametersOf({ prompt: 'none' })).toMatchObject(silent)
    expect((await browser.post('/login/start', { audience: 'evil' })).status).toBe(400)
  })

  it('has its max_age of the configuration checked at the end', async () => {
    const configuration = { client: { extraParameters: { max_age: '60' } } }
    const world = await createWorld({ configuration, claims: { auth_time: 1_600_000_000 } })
    const { body } = await world.browser.post('/login/start')
    const callback = world.server.authenticate(String(body['authorization_url']))
    const answer = await world.browser.post('/login/end', callback)
    expect(answer.body['detailed_error']).toContain('max_age')
  })

  it('says what the agent says, whatever a configuration past its checks lets the page say', async () => {
    const { configuration, createAgent, newBrowser } = await createWorld()
    const own = [
      'client_id',
      'code_challenge',
      'code_challenge_method',
      'nonce',
      'redirect_uri',
      'resource',
      'response_type',
      'scope',
      'state',
    ]
    const resource = 'https://orders.example/api'
    const client = { ...configuration.client, authorizationParameters: own, resource }
    const browser = newBrowser(createAgent({ ...configuration, client }))
    const form = Object.fromEntries(own.map((name) => [name, 'evil']))
    const { body } = await browser.post('/login/start', form)
    expect(String(body['authorization_url'])).not.toContain('evil')
  })

  it.each(['scope', 'resource'])(
    'leaves the %s to the configuration, and refuses what the page says',
    async (name) => {
      const { browser, server } = await createWorld()
      const answer = await browser.post('/login/start', { [name]: 'https://evil.example' })
      expect(answer).toMatchObject({ status: 400, body: { error_code: 'invalid_request' } })
      expect(answer.setCookies).toEqual([])
      expect(server.calls.metadata).toBe(0)
    },
  )

  it('refuses max_age without the scope openid: no ID token would say when the user signed in', async () => {
    const { browser } = await createWorld({ configuration: { client: { scope: 'orders' } } })
    const answer = await browser.post('/login/start', { max_age: '60' })
    expect(answer).toMatchObject({ status: 400, body: { error_code: 'invalid_request' } })
    expect(answer.body['detailed_error']).toContain('openid')
    expect(await browser.post('/login/start')).toMatchObject({ status: 200 })
  })

  it('passes on what a step-up needs, and lets the page see what it brought', async () => {
    const stepUp = { acr_values: 'urn:mfa', max_age: '60', prompt: 'login' }
    const world = await createWorld({ claims: { acr: 'urn:mfa' } })
    const { body } = await world.browser.post('/login/start', stepUp)
    const url = String(body['authorization_url'])
    expect(Object.fromEntries(new URL(url).searchParams)).toMatchObject(stepUp)
    const ended = await world.browser.post('/login/end', world.server.authenticate(url))
    expect(ended.body).toMatchObject({ id_token_claims: { acr: 'urn:mfa' } })
  })
})
