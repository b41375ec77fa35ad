// The Fastify host, with the authorization server of the local stack, does what the conformance suite says.
import { conformanceCases, runCase } from '@token-handler/conformance'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startLocalStack } from '../../src/index.ts'
import type { LocalStack } from '../../src/index.ts'
import { createStackSubject } from './stack-subject.ts'

let stack: LocalStack

beforeAll(async () => {
  const ports = { spa: 0, handler: 0, authorizationServer: 0, api: 0, control: 0 }
  stack = await startLocalStack({ ports, consent: false, log: { level: 'error' } })
})

afterAll(() => stack.stop())

for (const conformanceCase of conformanceCases) {
  test(conformanceCase.title, async ({ skip }) => {
    const outcome = await runCase(conformanceCase, createStackSubject(stack))
    if (outcome.status === 'skipped') skip(outcome.reason)
    expect(outcome).toEqual({ status: 'passed' })
  })
}
