// The state machine by itself: values in, values out.
import { expect, test } from 'vitest'
import * as world from '../src/mock-state.ts'
import type { MockState } from '../src/mock-state.ts'
import { runOperation } from '../src/operations.ts'

interface Users {
  readonly [name: string]: { readonly claims: { readonly sub: string } }
}

const alice = { user: 'alice', claims: { sub: 'alice-1' } }
const context = {
  now: 5000,
  accessTokenLifetime: 60,
  redirectUri: 'https://www.example.com/callback',
  allowedParameters: ['prompt'],
}
const nothing = new URLSearchParams()

/** A state that throws when somebody writes to it. */
const frozen = (state: MockState<Users>): MockState<Users> =>
  Object.freeze({
    ...state,
    session: state.session && Object.freeze({ ...state.session }),
    pendingLogins: Object.freeze(state.pendingLogins.map((login) => Object.freeze({ ...login }))),
  })

const anonymous = frozen(world.initialState())
const signedIn = frozen(world.signIn(anonymous, alice, 10_000))

test('an access token is good until the instant it expires at', () => {
  const { session } = signedIn
  if (session === undefined) throw new Error('there is a session')
  expect(world.isFresh(session, 9999)).toBe(true)
  expect(world.isFresh(session, 10_000)).toBe(false)
})

test('without a session nothing can expire', () => {
  expect(world.expireAccessToken(anonymous, 1)).toBe(anonymous)
  expect(world.expireSession(anonymous, 1)).toBe(anonymous)
})

test('an expired access token can be refreshed, an ended session cannot', () => {
  const expired = frozen(world.expireAccessToken(signedIn, 5000))
  const refreshed = runOperation.refresh(expired, nothing, context)
  expect(refreshed.reply.status).toBe(200)
  expect(refreshed.state.session?.accessTokenExpiresAt).toBe(65_000)

  const ended = frozen(world.expireSession(signedIn, 5000))
  const refused = runOperation.refresh(ended, nothing, context)
  expect(refused.reply.status).toBe(401)
  expect(refused.state.session).toBeUndefined()
})

test('each login has a state of its own, and ends by itself', () => {
  const one = world.startLogin(anonymous)
  const two = world.startLogin(frozen(one.state))
  expect(two.login.state).not.toBe(one.login.state)
  const left = world.forgetLogin(frozen(two.state), one.login)
  expect(world.findLogin(left, one.login.state)).toBeUndefined()
  expect(world.findLogin(left, two.login.state)).toBe(left.pendingLogins[0])
})

test('the user who was granted the code is the user of the session', () => {
  const { state, login } = world.startLogin(anonymous)
  const granted = world.grantCode(frozen(state), login, alice)
  const callback = new URLSearchParams({
    code: granted.code,
    state: login.state,
    iss: 'https://login.example',
  })
  const ended = runOperation.endLogin(frozen(granted.state), callback, context)
  expect(ended.state.session).toEqual({ ...alice, accessTokenExpiresAt: 65_000, refreshable: true })
  expect(ended.state.pendingLogins).toEqual([])
})

test('a request without cookies meets an empty browser', () => {
  const { state } = world.startLogin(signedIn)
  expect(world.clearCookies(state)).toEqual({ ...anonymous, startedLogins: 1 })
})
