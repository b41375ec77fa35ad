// When an API request waits for a refresh, and when it goes without one.
import { describe, expect, it } from 'vitest'
import {
  expireAccessToken,
  ORDERS,
  signedIn,
  signedOut,
  unauthorized,
} from '../support/fake-agent.ts'
import { START } from '../support/fake-platform.ts'
import { createGate, settle } from '../support/gate.ts'
import { openPage, openSignedInPage } from '../support/page.ts'

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
    tab.advance(1_000)
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

  it('requests are sent although the last access token would be due', async () => {
    const { client, agent, tab } = await openSignedInPage()
    await client.logout()
    tab.advance(300_000)
    expect((await client.fetch(ORDERS)).status).toBe(200)
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
