// The whole path over the mock agent: sign-in, API call, refresh, sign-out.
import { createMockAgent } from '@token-handler/mock-agent'
import { expect, it } from 'vitest'
import * as z from 'zod'
import { createTokenHandlerClient } from '../src/index.ts'
import { createFakeTab } from './support/fake-platform.ts'
import { settle } from './support/gate.ts'

it('a user signs in, is kept signed in over an expired access token, and signs out', async () => {
  const agent = createMockAgent({
    agentUrl: 'https://api.example.com/oauth-agent',
    origin: 'https://www.example.com',
    redirectUri: 'https://www.example.com/callback',
    users: { alice: { claims: { sub: 'alice', name: 'Alice' } } },
  })
  agent.protect('https://api.example.com/api/orders', ({ claims }) =>
    Response.json([{ id: 1, customer: claims.name }]),
  )
  const tab = createFakeTab(agent.fetch, 'https://www.example.com/orders/7')
  const openApp = () =>
    createTokenHandlerClient({
      agentUrl: 'https://api.example.com/oauth-agent',
      apiUrls: ['https://api.example.com/api'],
      claims: z.object({ sub: z.string(), name: z.string() }),
      callbackPath: '/callback',
      platform: tab.platform,
    })

  const anonymous = openApp()
  expect((await anonymous.load()).session.status).toBe('unauthenticated')
  void anonymous.login()
  await settle()

  tab.open(agent.completeLogin(tab.navigations[0] ?? '', { user: 'alice' }))
  const client = openApp()
  const { session, returnTo } = await client.load()
  expect(session).toMatchObject({ status: 'authenticated', claims: { name: 'Alice' } })
  expect(returnTo).toBe('/orders/7')
  expect(tab.url()).toBe('https://www.example.com/callback')

  agent.expireAccessToken()
  const requests = Array.from({ length: 10 }, () =>
    client.fetch('https://api.example.com/api/orders'),
  )
  for (const response of await Promise.all(requests)) {
    expect(await response.json()).toEqual([{ id: 1, customer: 'Alice' }])
  }
  expect(agent.calls('refresh')).toHaveLength(1)

  await client.logout()
  expect(client.getSnapshot()).toEqual({ status: 'unauthenticated', reason: 'signed-out' })
  expect(await openApp().session()).toMatchObject({ status: 'unauthenticated' })
})
