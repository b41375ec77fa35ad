// How claims reach the hooks as types.
import type { TokenHandlerClient } from '@token-handler/client'
import {
  ensureSession,
  useSession,
  useSuspenseSession,
  useTokenHandler,
} from '@token-handler/react'
import type { RequireSessionProps, Session, TokenHandlerProviderProps } from '@token-handler/react'
import type { TestSessionProps } from '@token-handler/react/testing'
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

test('under Suspense there is no loading state to handle', () => {
  expectTypeOf(useSuspenseSession).returns.toEqualTypeOf<Exclude<Session, { status: 'loading' }>>()
})

test('the guard of a loader gives the claims of the client it is given', () => {
  expectTypeOf(ensureSession<{ email: string }>)
    .returns.resolves.toHaveProperty('claims')
    .toEqualTypeOf<{ email: string }>()
})

test('tests give the same session as the app has', () => {
  expectTypeOf<TestSessionProps['session']>().toEqualTypeOf<Session>()
})

test('wrong use does not compile', () => {
  const neverCalled = (): void => {
    // @ts-expect-error -- the claims are known only of a signed-in user
    void useSession().claims
    // @ts-expect-error -- there is no such claim
    useSession((session) => session.status === 'authenticated' && session.claims.email)
    // @ts-expect-error -- no boolean beside the status
    void useSession().isLoading
    // @ts-expect-error -- there is no such status
    useSession((session) => session.status === 'signed-in')
  }
  expectTypeOf(neverCalled).toBeFunction()
})
