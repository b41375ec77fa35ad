// The Playwright adapter: its types are Playwright's, and answers arrive whole. A real browser is in e2e.
import { mockRoute } from '@token-handler/mock-agent/playwright'
import type { PlaywrightTarget } from '@token-handler/mock-agent/playwright'
import type { BrowserContext, Page } from 'playwright-core'
import { expect, expectTypeOf, test } from 'vitest'
import { createTestAgent } from './support/test-agent.ts'

test('pages and contexts of Playwright fit', () => {
  expectTypeOf<Page>().toExtend<PlaywrightTarget>()
  expectTypeOf<BrowserContext>().toExtend<PlaywrightTarget>()
})

type Handler = Parameters<PlaywrightTarget['route']>[1]

test('only requests that the mock knows are routed, and several cookies stay several', async () => {
  const { agent } = createTestAgent({ cookies: 'real' })
  let matches = (_url: URL): boolean => true
  let handler: Handler | undefined
  await mockRoute(
    {
      route: async (routed, answer) => {
        matches = routed
        handler = answer
      },
    },
    agent,
  )
  expect(matches(new URL('https://www.example.com/'))).toBe(false)
  expect(matches(new URL('https://login.example/authorize?x=1'))).toBe(true)
  expect(matches(new URL('https://api.example.com/oauth-agent/refresh'))).toBe(true)

  const answers: unknown[] = []
  await handler?.({
    request: () => ({
      url: () => 'https://api.example.com/oauth-agent/refresh',
      method: () => 'POST',
      allHeaders: async () => ({
        origin: 'https://www.example.com',
        'token-handler-version': '1',
      }),
      postData: () => null,
    }),
    fulfill: async (response) => void answers.push(response),
    abort: async (code) => void answers.push(code),
  })
  const cleared = (role: string) =>
    `__Host-Http-th-${role}=; Path=/; Max-Age=0; Secure; HttpOnly; SameSite=Strict`
  expect(answers).toMatchObject([
    { status: 401, headers: { 'set-cookie': `${cleared('at')}\n${cleared('session')}` } },
  ])
})
