// nginx with the plugin, in front of the local stack, does what the conformance suite says of agent and proxy.
import { conformanceCases, runCase } from '@token-handler/conformance'
import type { Subject } from '@token-handler/conformance'
import { startLocalStack } from '@token-handler/local-stack'
import type { LocalStack } from '@token-handler/local-stack'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createStackSubject } from '../../../packages/local-stack/test/conformance/stack-subject.ts'
import { startGateway } from '../src/gateway.ts'
import type { Gateway } from '../src/gateway.ts'
import { isPluginMissing } from '../src/programs.ts'

describe.skipIf(isPluginMissing())('nginx with the plugin', () => {
  let stack: LocalStack
  let gateway: Gateway
  let subject: Subject

  beforeAll(async () => {
    const ports = { spa: 0, handler: 0, authorizationServer: 0, api: 0, control: 0 }
    stack = await startLocalStack({ ports, consent: false, log: { level: 'error' } })
    gateway = await startGateway(stack.configuration, {
      agent: `http://127.0.0.1:${new URL(stack.urls.handler).port}`,
    })
    const url = `http://api.app.localhost:${gateway.port}`
    const agent = url + stack.configuration.agentPath
    const api = `${url}/api`
    subject = {
      ...createStackSubject({ ...stack, urls: { ...stack.urls, handler: url, agent, api } }),
      name: 'nginx with the plugin',
    }
  })
  afterAll(async () => {
    await gateway?.stop()
    await stack?.stop()
  })

  for (const conformanceCase of conformanceCases) {
    it(conformanceCase.title, async ({ skip }) => {
      const outcome = await runCase(conformanceCase, subject)
      if (outcome.status === 'skipped') skip(outcome.reason)
      expect(outcome).toEqual({ status: 'passed' })
    })
  }
})

describe.skipIf(isPluginMissing())('nginx with the plugin, and opaque access tokens', () => {
  let stack: LocalStack
  let gateway: Gateway
  let subject: Subject

  beforeAll(async () => {
    const ports = { spa: 0, handler: 0, authorizationServer: 0, api: 0, control: 0 }
    const accessTokenFormat = 'opaque'
    stack = await startLocalStack({
      ports,
      consent: false,
      accessTokenFormat,
      log: { level: 'error' },
    })
    const agent = `http://127.0.0.1:${new URL(stack.urls.handler).port}`
    gateway = await startGateway(stack.configuration, { agent })
    const url = `http://api.app.localhost:${gateway.port}`
    const urls = { ...stack.urls, agent: url + stack.configuration.agentPath, api: `${url}/api` }
    subject = { ...createStackSubject({ ...stack, urls }), name: 'nginx with opaque tokens' }
  })
  afterAll(async () => {
    await gateway?.stop()
    await stack?.stop()
  })

  // The handler exchanges them.
  for (const conformanceCase of conformanceCases.filter(({ needs }) => needs.includes('proxy'))) {
    it(conformanceCase.title, async ({ skip }) => {
      const outcome = await runCase(conformanceCase, subject)
      if (outcome.status === 'skipped') skip(outcome.reason)
      expect(outcome).toEqual({ status: 'passed' })
    })
  }
})
