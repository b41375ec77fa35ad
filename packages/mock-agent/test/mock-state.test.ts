// The state machine by itself: values in, values out.
import { expect, test } from 'vitest'
import type { OperationContext } from '../src/agent/context.ts'
import { runOperation } from '../src/agent/operations.ts'
import { issueCode } from '../src/authorization-server/codes.ts'
import { timeLeft } from '../src/authorization-server/state.ts'
import * as world from '../src/mock-state.ts'
import type { MockState } from '../src/mock-state.ts'

interface Users {
  readonly [name: string]: { readonly claims: { readonly sub: string } }
}

const alice = { user: 'alice', claims: { sub: 'alice-1' }, authenticatedAt: 0 }
const context: OperationContext = {
  now: 5000,
  accessTokenLifetime: 60,
  refreshTokens: 'rotating',
  refreshTokenGraceFor: 0,
  refreshResultsKeptFor: 0,
  issuer: 'https://login.example',
  redirectUri: 'https://www.example.com/callback',
  responseMode: 'query',
  allowedParameters: ['prompt'],
}
const nothing = new URLSearchParams()

/** A state that throws when somebody writes to it. */
function frozen<T>(value: T): T {
  if (typeof value === 'object' && value !== null) Object.values(value).forEach(frozen)
  return Object.freeze(value)
}

const anonymous = frozen(world.initialState<Users>('test'))
const signedIn = frozen(world.signIn(anonymous, alice, context))

const input = ({ servers, browser }: MockState<Users>, parameters = nothing) => ({
  state: servers,
  cookies: browser,
  parameters,
})

test('an access token is good until the instant it expires at', () => {
  const { authorizationServer } = signedIn.servers
  const { proxy } = signedIn.browser
  if (proxy === undefined) throw new Error('there is a session')
  expect(timeLeft(authorizationServer, proxy, 64_999)).toBe(1)
  expect(timeLeft(authorizationServer, proxy, 65_000)).toBe(0)
})

test('an expired access token can be refreshed, an ended session cannot', () => {
  const expired = frozen(world.expireAccessToken(signedIn))
  expect(runOperation.session(input(expired), context).reply).toMatchObject({
    result: { isLoggedIn: true, accessTokenExpiresIn: 0 },
  })
  const refreshed = runOperation.refresh(input(expired), { ...context, now: 7000 })
  expect(refreshed.reply.kind).toBe('result')
  expect(refreshed.changes).toMatchObject([
    { kind: 'session-begins', session: { accessToken: { expiresAt: 67_000 } } },
  ])

  const ended = frozen(world.expireSession(signedIn))
  const refused = runOperation.refresh(input(ended), context)
  expect(refused.reply).toMatchObject({ status: 401, code: 'session_expired' })
  expect(refused.changes).toEqual([{ kind: 'session-ends' }])
})

test('each login has a state of its own, and the oldest of too many makes room', () => {
  const logins = [1, 2, 3, 4, 5].map((startedAt) => ({
    state: `mock-state-${startedAt}`,
    startedAt,
  }))
  const full = frozen({ ...anonymous, browser: { ...anonymous.browser, logins } })
  const servers = { ...full.servers, startedLogins: 5 }
  const started = runOperation.startLogin(input({ ...full, servers }), context)
  expect(started.changes).toEqual([
    { kind: 'login-ends', state: 'mock-state-1' },
    { kind: 'login-begins', login: { state: 'mock-state-6', startedAt: 5000 } },
  ])
})

test('the user who was granted the code is the user of the session', () => {
  const login = { state: 'mock-state-1', startedAt: 0 }
  const issued = issueCode(anonymous.servers.authorizationServer, login.state, alice)
  const state = frozen({ ...anonymous.servers, authorizationServer: issued.server })
  const cookies = { ...anonymous.browser, logins: [login] }
  const parameters = new URLSearchParams({
    code: issued.code,
    state: login.state,
    iss: context.issuer,
  })
  const ended = runOperation.endLogin({ state, cookies, parameters }, context)
  expect(ended.changes).toMatchObject([
    { kind: 'session-begins', session: { user: 'alice', claims: alice.claims } },
    { kind: 'login-ends', state: login.state },
  ])
  const late = { ...context, now: 601_000 }
  expect(runOperation.endLogin({ state, cookies, parameters }, late).reply).toMatchObject({
    status: 400,
  })
})

test('a state is plain JSON', () => {
  expect(JSON.parse(JSON.stringify(signedIn))).toEqual({
    ...signedIn,
    browser: { ...signedIn.browser, logins: [] },
  })
})
