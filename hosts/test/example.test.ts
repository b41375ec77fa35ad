// The example of a worker does as it is configured: variables, secrets, files, and one refresh for all isolates.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { conformanceCases, runCase } from '@token-handler/conformance'
import type { Subject } from '@token-handler/conformance'
import { startLocalStack } from '@token-handler/local-stack'
import type { LocalStack } from '@token-handler/local-stack'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sendOverHttp } from '../../packages/conformance/src/command/send.ts'
import { createStackSubject } from '../../packages/local-stack/test/conformance/stack-subject.ts'
import { isMissing } from '../src/binaries.ts'
import { startExample } from '../src/example.ts'
import { startLocalNamesProxy } from '../src/local-names-proxy.ts'
import type { LocalNamesProxy } from '../src/local-names-proxy.ts'
import type { RunningHost } from '../src/process.ts'

describe.skipIf(isMissing('workerd'))('the example of a worker', () => {
  let stack: LocalStack
  let proxy: LocalNamesProxy
  let folder: string
  let host: RunningHost
  let subject: Subject

  beforeAll(async () => {
    const ports = { spa: 0, handler: 0, authorizationServer: 0, api: 0, control: 0 }
    stack = await startLocalStack({ ports, consent: false, log: { level: 'error' } })
    proxy = await startLocalNamesProxy()
    folder = await mkdtemp(join(tmpdir(), 'token-handler-example-'))
    const { client, cookies, trustedOrigins } = stack.configuration
    const variables = {
      TOKEN_HANDLER_ISSUER: stack.urls.authorizationServer,
      TOKEN_HANDLER_CLIENT_ID: client.id,
      TOKEN_HANDLER_CLIENT_SECRET: client.secret ?? '',
      TOKEN_HANDLER_REDIRECT_URI: client.redirectUri,
      TOKEN_HANDLER_POST_LOGOUT_REDIRECT_URI: client.postLogoutRedirectUri ?? '',
      TOKEN_HANDLER_SCOPE: client.scope,
      TOKEN_HANDLER_COOKIE_SECRETS: cookies.secrets.join(','),
      TOKEN_HANDLER_TRUSTED_ORIGINS: trustedOrigins.join(','),
      TOKEN_HANDLER_ROUTES: `/api=${stack.urls.demoApi}`,
      TOKEN_HANDLER_REFRESH_FRESH_FOR: '0',
      TOKEN_HANDLER_LOG_LEVEL: 'warn',
    }
    host = await startExample({ folder, variables, proxyPort: proxy.port, isolates: 2 })
    const handler = `http://api.app.localhost:${host.port}`
    const agent = handler + stack.configuration.agentPath
    const urls = { ...stack.urls, handler, agent, api: `${handler}/api` }
    const whole = createStackSubject({ ...stack, urls })
    const lacks = ['whole-origin', 'event-source', 'streaming', 'empty-origin']
    const capabilities = new Set([...whole.capabilities].filter((one) => !lacks.includes(one)))
    subject = { ...whole, capabilities, name: 'the example' }
  })
  afterAll(async () => {
    await host?.stop()
    await proxy?.stop()
    await stack?.stop()
    if (folder !== undefined) await rm(folder, { recursive: true, force: true })
  })

  it('serves the files of the SPA beside agent and proxy', async () => {
    const get = (path: string) => sendOverHttp(new Request(new URL(path, subject.agentUrl)))
    expect(await (await get('/')).text()).toBe('a file at /')
    expect(await (await get('/orders/7')).text()).toBe('a file at /orders/7')
    expect((await get('/api/orders')).status).toBe(403)
    expect((await get('/oauth-agent/session')).status).toBe(403)
  })

  // Every second request reaches the other isolate: only their Durable Objects know of both.
  for (const conformanceCase of conformanceCases) {
    it(`${conformanceCase.title} (two isolates)`, async ({ skip }) => {
      const outcome = await runCase(conformanceCase, subject)
      if (outcome.status === 'skipped') skip(outcome.reason)
      expect(outcome, host.log().slice(-2000)).toEqual({ status: 'passed' })
    })
  }

  it('answers 500 and logs the mistakes with their mends, where it is misconfigured', async () => {
    const variables = {
      TOKEN_HANDLER_ISSUER: 'login.example.com',
      TOKEN_HANDLER_REDIS_URL: 'redis://r',
    }
    const own = await mkdtemp(join(tmpdir(), 'token-handler-example-'))
    const wrong = await startExample({
      folder: own,
      variables: { ...variables, TOKEN_HANDLER_COOKIE_SECRETS: 'too short' },
      proxyPort: proxy.port,
      isolates: 1,
    })
    try {
      const url = `http://127.0.0.1:${wrong.port}/oauth-agent/session`
      const answer = await fetch(url)
      expect(answer.status).toBe(500)
      expect(await answer.text()).toBe('{"error_code":"server_error"}')
      await expect.poll(() => wrong.log()).toContain('TOKEN_HANDLER_ISSUER')
      expect(wrong.log()).toContain('openssl rand -base64 48')
      expect(wrong.log()).not.toContain('too short')
    } finally {
      await wrong.stop()
      await rm(own, { recursive: true, force: true })
    }
  })
})
