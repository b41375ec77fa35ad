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
import { asSource } from '../src/bundle.ts'
import { startExample, startWith } from '../src/example.ts'
import { startLocalNamesProxy } from '../src/local-names-proxy.ts'
import type { LocalNamesProxy } from '../src/local-names-proxy.ts'
import type { RunningHost } from '../src/process.ts'

describe.skipIf(isMissing('workerd'))('the example of a worker', () => {
  let stack: LocalStack
  let proxy: LocalNamesProxy
  let folder: string
  let host: RunningHost
  let subject: Subject
  let secrets: Readonly<Record<string, string>>

  beforeAll(async () => {
    const ports = { spa: 0, handler: 0, authorizationServer: 0, api: 0, control: 0 }
    stack = await startLocalStack({ ports, consent: false, log: { level: 'error' } })
    proxy = await startLocalNamesProxy()
    folder = await mkdtemp(join(tmpdir(), 'token-handler-example-'))
    const { authorizationServer, client, cookies, trustedOrigins } = stack.configuration
    const { secret, privateKey: _, dpopKeys: _keys, ...publicClient } = client
    const settings = {
      authorizationServer,
      client: publicClient,
      trustedOrigins,
      routes: [{ path: '/api', upstream: stack.urls.demoApi }],
      refresh: { freshFor: 0 },
      server: { logLevel: 'warn' },
    }
    secrets = {
      TOKEN_HANDLER_CLIENT_SECRET: secret ?? '',
      TOKEN_HANDLER_COOKIE_SECRETS: cookies.secrets.join(','),
    }
    host = await startExample({ folder, settings, secrets, proxyPort: proxy.port, isolates: 2 })
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

  /** The log of a worker that answers 500 and nothing else, once it has this in it. */
  async function logOf(
    start: (folder: string) => Promise<RunningHost>,
    mend: string,
  ): Promise<string> {
    const own = await mkdtemp(join(tmpdir(), 'token-handler-example-'))
    const wrong = await start(own)
    try {
      const answer = await fetch(`http://127.0.0.1:${wrong.port}/oauth-agent/session`)
      expect(answer.status).toBe(500)
      expect(await answer.text()).toBe('{"error_code":"server_error"}')
      await expect.poll(() => wrong.log()).toContain(mend)
      return wrong.log()
    } finally {
      await wrong.stop()
      await rm(own, { recursive: true, force: true })
    }
  }

  const settings = {
    authorizationServer: { issuer: 'https://login.idp.example' },
    client: { id: 'spa', redirectUri: 'https://www.app.example/callback' },
    trustedOrigins: ['https://www.app.example'],
  }

  it('answers 500 and logs what is wrong with its secrets, and what is not read', async () => {
    const wrong = {
      TOKEN_HANDLER_CLIENT_SECRET: 'secret',
      TOKEN_HANDLER_COOKIE_SECRETS: 'too short',
      TOKEN_HANDLER_ISSUER: 'https://login.example.com',
    }
    const log = await logOf(
      (own) =>
        startExample({
          folder: own,
          settings,
          secrets: wrong,
          proxyPort: proxy.port,
          isolates: 1,
        }),
      'openssl rand -base64 48',
    )
    expect(log).toContain('TOKEN_HANDLER_ISSUER')
    expect(log).toContain('set it in the file that token-handler worker reads')
    expect(log).not.toContain('too short')
  })

  it.each([
    ['deviceBinding.mode', 'DEVICE_BINDING', { deviceBinding: { mode: 'offer' } }],
    ['introspection.enabled', 'INTROSPECTION', { introspection: { enabled: true } }],
    [
      'routes[0].exchange',
      'EXCHANGE',
      { routes: [{ path: '/api', upstream: 'https://api.example', exchange: { audience: 'a' } }] },
    ],
    [
      'routes[0].webSocket',
      'WEB_SOCKETS',
      { routes: [{ path: '/api', upstream: 'https://api.example', webSocket: true }] },
    ],
  ])('answers 500 where its bundle leaves out what is configured: %s', async (...row) => {
    const [setting, flag, more] = row
    const whole = { ...settings, ...more }
    const log = await logOf(
      (own) =>
        startExample({ folder: own, settings: whole, secrets, proxyPort: proxy.port, isolates: 1 }),
      setting,
    )
    expect(log).toContain(`remove __TOKEN_HANDLER_${flag}__ from what the bundler defines`)
  })

  it('answers 500 and logs the mistakes with their mends, where variables are wrong', async () => {
    const worker = asSource(`
import { createWorker, Refreshes } from '@token-handler/reference-handler/worker'
export { Refreshes }
export default createWorker()`)
    const wrong = {
      TOKEN_HANDLER_ISSUER: 'login.example.com',
      TOKEN_HANDLER_REDIS_URL: 'redis://r',
      TOKEN_HANDLER_COOKIE_SECRETS: 'too short',
    }
    const log = await logOf(
      (own) =>
        startWith(worker, { folder: own, secrets: wrong, proxyPort: proxy.port, isolates: 1 }),
      'TOKEN_HANDLER_ISSUER',
    )
    expect(log).toContain('openssl rand -base64 48')
    expect(log).not.toContain('too short')
  })
})
