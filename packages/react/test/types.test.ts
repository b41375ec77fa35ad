// How claims reach the hooks as types.
import type { TokenHandlerClient } from '@token-handler/client'
import { useSession, useTokenHandler } from '@token-handler/react'
import type { RequireSessionProps, Session, TokenHandlerProviderProps } from '@token-handler/react'
import { expectTypeOf, test } from 'vitest'
import type { ClaimsOf } from '../src/register.ts'
import type { AppClaims } from './setup.ts'

type SignedIn = Extract<Session, { status: 'authenticated' }>

test('a registered client types the claims in every hook, without an argument', () => {
  const useWhole = () => useSession()
  expectTypeOf(useWhole).returns.toEqualTypeOf<Session>()
  expectTypeOf<SignedIn['claims']>().toEqualTypeOf<AppClaims>()
  expectTypeOf(useTokenHandler).returns.toEqualTypeOf<TokenHandlerClient<AppClaims>>()
})

test('the claims are there only after the status was looked at', () => {
  expectTypeOf<Session>().not.toHaveProperty('claims')
})

test('a selector gives its own type', () => {
  const useName = () =>
    useSession((session) => (session.status === 'authenticated' ? session.claims.name : undefined))
  expectTypeOf(useName).returns.toEqualTypeOf<string | undefined>()
})

test('the guard hands the claims to a function', () => {
  type Render = Extract<RequireSessionProps['children'], (...args: never) => unknown>
  expectTypeOf<Parameters<Render>[0]['claims']>().toEqualTypeOf<AppClaims>()
})

test('the provider takes no client with other claims', () => {
  type Client = TokenHandlerProviderProps['client']
  expectTypeOf<TokenHandlerClient<AppClaims & { email: string }>>().toExtend<Client>()
  expectTypeOf<TokenHandlerClient<{ sub: string }>>().not.toExtend<Client>()
})

test('claims are unknown values when no client is registered', () => {
  expectTypeOf<ClaimsOf<object>>().toEqualTypeOf<Readonly<Record<string, unknown>>>()
})
