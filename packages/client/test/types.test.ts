// What the compiler knows: claims, options, errors.
import { describe, expect, expectTypeOf, it } from 'vitest'
import * as z from 'zod'
import * as mini from 'zod/mini'
import { createTokenHandlerClient, TokenHandlerError } from '../src/index.ts'
import type {
  Claims,
  Session,
  TokenHandlerClient,
  TokenHandlerErrorCode,
  TokenHandlerErrorOptions,
} from '../src/index.ts'

const options = { agentUrl: 'https://api.example.com/oauth-agent', apiUrls: [] }

describe('types', () => {
  it("take the claims from the schema's output", () => {
    const client = createTokenHandlerClient({
      ...options,
      claims: z.object({ sub: z.string(), born: z.string().transform((year) => Number(year)) }),
    })
    type User = { sub: string; born: number }
    expectTypeOf(client).toEqualTypeOf<TokenHandlerClient<User>>()
    expectTypeOf(client.getSnapshot).returns.toEqualTypeOf<Session<User>>()
    client.on('sessionStarted', ({ claims }) => expectTypeOf(claims).toEqualTypeOf<User>())
    client.on('error', ({ error }) => expectTypeOf(error).toEqualTypeOf<TokenHandlerError>())
  })

  it('accept any Standard Schema', () => {
    const claims = mini.object({ sub: mini.string() })
    const client = createTokenHandlerClient({ ...options, claims })
    expectTypeOf(client).toEqualTypeOf<TokenHandlerClient<{ sub: string }>>()
  })

  it('say that claims are unknown values without a schema', () => {
    const client = createTokenHandlerClient(options)
    expectTypeOf(client).toEqualTypeOf<TokenHandlerClient<Claims>>()
  })

  it('do not let an app claim a type without checking it', () => {
    // @ts-expect-error a type argument needs a claims schema
    createTokenHandlerClient<{ sub: string }>(options)
  })

  it('notice a misspelt option', () => {
    // @ts-expect-error apiUrl is not an option
    createTokenHandlerClient({ ...options, apiUrl: '' })
    // @ts-expect-error signedOutMaxage is not an option
    createTokenHandlerClient({ ...options, claims: z.object({}), signedOutMaxage: 1 })
  })

  it('offer claims only of a session that is authenticated', () => {
    const session = createTokenHandlerClient(options).getSnapshot()
    // @ts-expect-error claims exist only when the status is authenticated
    void session.claims
    if (session.status === 'authenticated') expectTypeOf(session.claims).toEqualTypeOf<Claims>()
  })

  it('make a switch over the error codes exhaustive', () => {
    const isFinal = (code: TokenHandlerErrorCode): boolean => {
      switch (code) {
        case 'session_expired':
        case 'login_failed':
        case 'login_loop':
        case 'cookies_not_stored':
        case 'agent_configuration':
        case 'contract_violation':
        case 'step_up_required':
        case 'not_top_level':
        case 'client_disposed':
          return true
        case 'refresh_unavailable':
        case 'agent_unreachable':
        case 'request_not_replayed':
        case 'navigation_stopped':
          return false
      }
      return code satisfies never
    }
    expectTypeOf(isFinal).returns.toBeBoolean()
  })

  it('let what is optional about an error be undefined, with exactOptionalPropertyTypes', () => {
    type Members = { [K in keyof TokenHandlerErrorOptions]: undefined }
    expectTypeOf<Members>().toExtend<TokenHandlerErrorOptions>()
    const error = new TokenHandlerError('login_failed', '', { retryable: undefined })
    expect(error.retryable).toBe(false)
  })

  it('say that login does not come back', () => {
    expectTypeOf<TokenHandlerClient<Claims>['login']>().returns.toEqualTypeOf<Promise<never>>()
  })
})
