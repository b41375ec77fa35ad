// An app of the open source agents over the mock agent: the same client, the same mock, another wire.
import { createMockAgent } from '@token-handler/mock-agent'
import { agentNodeServer } from '@token-handler/mock-agent/agent-node'
import { expect, it } from 'vitest'
import { agentNode } from '../../src/agent-node.ts'
import { createTokenHandlerClient } from '../../src/index.ts'
import { createFakeTab } from '../support/fake-platform.ts'
import { settle } from '../support/gate.ts'

const agentUrl = 'https://api.example.com/oauth-agent'
const orders = 'https://api.example.com/api/orders'
const csrfHeader = 'x-example-csrf'

function openPage() {
  const agent = createMockAgent({
    agentUrl,
    origin: 'https://www.example.com',
    profile: agentNodeServer({ csrfHeader }),
    users: { asa: { claims: { sub: 'asa', name: 'Åsa' } } },
  })
  agent.protect(orders, ({ request, claims }) =>
    Response.json({ method: request.method, customer: claims.name }),
  )
  const tab = createFakeTab(agent.fetch)
  const openApp = () =>
    createTokenHandlerClient({
      agentUrl,
      apiUrls: ['https://api.example.com/api/', `${agentUrl}/userInfo`],
      profile: agentNode({ csrfHeader }),
      platform: tab.platform,
    })
  return { agent, tab, openApp }
}

async function openSignedInPage() {
  const page = openPage()
  page.agent.signIn('asa')
  const client = page.openApp()
  await client.load()
  return { ...page, client, post: () => client.fetch(orders, { method: 'POST', body: '{}' }) }
}

const statuses = (calls: readonly { readonly status?: number }[]) =>
  calls.map(({ status }) => status)

it('a user signs in, orders, is kept signed in over an expired access token, and signs out', async () => {
  const { agent, tab, openApp } = openPage()
  const anonymous = openApp()
  expect((await anonymous.load()).session.status).toBe('unauthenticated')
  void anonymous.login()
  await settle()

  tab.open(agent.completeLogin(tab.navigations[0] ?? '', { user: 'asa' }))
  const client = openApp()
  const { session } = await client.load()
  expect(session).toMatchObject({ status: 'authenticated', claims: { sub: 'asa', name: 'Åsa' } })

  const post = () => client.fetch(orders, { method: 'POST', body: '{}' })
  expect(await (await post()).json()).toEqual({ method: 'POST', customer: 'Åsa' })
  agent.expireAccessToken()
  const responses = await Promise.all([post(), client.fetch(orders), post()])
  expect(statuses(responses)).toEqual([200, 200, 200])
  expect(statuses(agent.calls('refresh'))).toEqual([204])

  await client.logout()
  expect(client.getSnapshot()).toEqual({ status: 'unauthenticated', reason: 'signed-out' })
  expect(statuses(agent.calls('logout'))).toEqual([200])
  expect(await openApp().session()).toMatchObject({ status: 'unauthenticated' })
  agent.expectNoUnexpectedCalls()
})

it('a CSRF token that another tab has made old is asked for anew, and the order goes through', async () => {
  const { agent, client, post } = await openSignedInPage()
  agent.signOut()
  agent.signIn('asa')
  expect((await post()).status).toBe(200)
  expect(statuses(agent.calls('refresh'))).toEqual([401, 204])
  expect(client.getSnapshot().status).toBe('authenticated')
})

it('a sign-out elsewhere shows with the next call', async () => {
  const { agent, client } = await openSignedInPage()
  agent.signOut()
  await expect(client.fetch(orders)).rejects.toMatchObject({ code: 'session_expired' })
  expect(client.getSnapshot()).toEqual({ status: 'unauthenticated', reason: 'expired' })
})

it('so does a session that the authorization server has ended', async () => {
  const { agent, client } = await openSignedInPage()
  agent.expireSession()
  expect((await client.session()).status).toBe('authenticated')
  await expect(client.fetch(orders)).rejects.toMatchObject({ code: 'session_expired' })
})

it('user info is refreshed for, like an API', async () => {
  const { agent, client } = await openSignedInPage()
  agent.expireAccessToken()
  const userInfo = await client.fetch(`${agentUrl}/userInfo`)
  expect(await userInfo.json()).toEqual({ sub: 'asa', name: 'Åsa' })
  expect(statuses(agent.calls('refresh'))).toEqual([204])
})
