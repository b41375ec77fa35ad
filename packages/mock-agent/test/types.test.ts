// User names and claims are typed: this file's assertions are the compiler's.
import { createMockAgent } from '@token-handler/mock-agent'
import { expect, expectTypeOf, test } from 'vitest'
import { agentUrl, createTestAgent, users } from './support/test-agent.ts'

test('a user that is not there does not compile, and is refused by name', () => {
  const agent = createMockAgent({ agentUrl, users })
  expectTypeOf(agent.signIn).parameter(0).toEqualTypeOf<'alice' | 'bob'>()
  // @ts-expect-error: there is no carol
  expect(() => agent.signIn('carol')).toThrow(
    'There is no user "carol". The mock agent has: alice, bob.',
  )
  // @ts-expect-error: nor can she be signed in from the start
  expect(() => createMockAgent({ agentUrl, users, signedIn: 'carol' })).toThrow('carol')
})

test('the resolver of an API knows the claims', () => {
  const agent = createMockAgent({
    agentUrl,
    users: { eve: { claims: { sub: 'eve', admin: true } } },
  })
  agent.protect('/api', ({ user, claims }) => {
    expectTypeOf(user).toEqualTypeOf<'eve'>()
    expectTypeOf(claims).toEqualTypeOf<{ readonly sub: 'eve'; readonly admin: true }>()
    return new Response()
  })
})

test('with exactOptionalPropertyTypes what is optional may be undefined', () => {
  const { agent } = createTestAgent()
  const acr: string | undefined = [].at(0)
  agent.signIn('alice', { acr })
  agent.failNext('refresh', { status: 500, code: acr })
  expectTypeOf<{ user: 'alice'; acr: undefined }>().toExtend<
    Parameters<typeof agent.completeLogin>[1]
  >()
  expectTypeOf<{ acr: undefined }>().toExtend<Parameters<typeof agent.sessionCookies>[1]>()
})
