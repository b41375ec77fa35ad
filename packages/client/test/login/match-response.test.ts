// Which responses a sign-in can have brought, and which are somebody else's.
import { describe, expect, it } from 'vitest'
import { fingerprint } from '../../src/login/login-records.ts'
import type { PendingLogin } from '../../src/login/login-records.ts'
import { expectResponse, matchResponse, withoutResponse } from '../../src/login/match-response.ts'
import { START } from '../support/fake-platform.ts'
import { encryptedResponse, signedResponse } from '../support/signed-response.ts'

const LONG_STATE = 'a-state-that-nobody-guesses'

const login = (expected: Partial<PendingLogin>, returnTo = '/'): PendingLogin => ({
  returnTo,
  startedAt: START,
  ...expected,
})

const plain = login({ state: 's1', isSigned: false }, '/plain')
const signed = login({ state: 's2', isSigned: true }, '/signed')
const hidden = login({}, '/hidden')

function match(query: string, pending: readonly PendingLogin[], more = {}) {
  return matchResponse({
    parameters: new URLSearchParams(query),
    records: { pending, used: [], automatic: [] },
    isCallback: false,
    isOfAnother: () => false,
    now: START,
    ...more,
  })
}

describe('the sign-in of a response', () => {
  it.each([
    ['code and state', 'code=c&state=s1', [plain], 'code', plain],
    ['an error and state', 'error=access_denied&state=s1', [plain], 'error', plain],
    ['its state among several', 'code=c&state=s1', [plain, signed], 'code', plain],
    [
      'the state that a signed response claims',
      `response=${signedResponse({ state: 's2' })}`,
      [signed, login({ state: 's3', isSigned: true })],
      'jarm',
      signed,
    ],
    [
      'the latest, of an encrypted response',
      `response=${encryptedResponse()}`,
      [plain, hidden, signed],
      'jarm',
      signed,
    ],
    [
      'any unguessable state, when it is hidden',
      `code=c&state=${LONG_STATE}`,
      [hidden],
      'code',
      hidden,
    ],
    [
      'a signed response, when the request hides its mode',
      `response=${signedResponse({ state: LONG_STATE })}`,
      [hidden],
      'jarm',
      hidden,
    ],
    [
      'a plain error of a sign-in that asked for a signed one',
      'error=e&state=s2',
      [signed],
      'error',
      signed,
    ],
  ] as const)('is known by %s', (_, query, pending, responseKind, expected) => {
    expect(match(query, pending)).toEqual({ responseKind, login: expected })
  })
})

// Clocks are set, machines sleep, and a user may take an hour: then the agent is asked, which says if it was too long.
it('the sign-in whose very state it has is its sign-in, however long ago it began', () => {
  const old = login({ state: 's1', startedAt: START - 24 * 3_600_000 })
  expect(match('code=c&state=s1', [old])).toEqual({ responseKind: 'code', login: old })
})

describe("a query of somebody else's", () => {
  it.each([
    ['response=yes', [plain]],
    ['response=yes', [hidden]],
    ['response=yes', [signed]],
    ['response=1.2.3', [signed]],
    ['response=e30.e30.x', [signed]],
    [`response=${signedResponse({ state: 's1' })}`, [plain]],
    [`response=${signedResponse({ state: 'other' })}`, [signed]],
    [`response=${encryptedResponse()}`, [plain]],
    [`response=${signedResponse({ state: 's2' })}.x`, [signed]],
    ['code=4711&state=paid', [hidden]],
    ['code=&state=s1', [plain]],
    ['error=&state=s1', [plain]],
    ['code=c&state=', [hidden]],
    ['code=c&state=other', [plain]],
    ['code=c&state=constructor', [plain]],
    ['code=c&state=__proto__', []],
    [`code=c&state=${LONG_STATE}`, [login({ startedAt: START - 30 * 60_000 })]],
    [`response=${encryptedResponse()}`, [login({ state: 's1', startedAt: START - 30 * 60_000 })]],
    [`response=${signedResponse({ sub: 'x' })}`, [login({ state: 's1' })]],
    [`response=${signedResponse({ sub: 'x' })}`, [hidden]],
    [`response=${signedResponse({ state: 1 })}`, [signed]],
    [`code=c&state=${LONG_STATE}`, [login({ state: 's1', isSigned: false })]],
  ] as const)('%s is left alone', (query, pending) => {
    expect(match(query, pending)).toBeUndefined()
  })

  it.each(['response=yes', `response=${signedResponse({ sub: 'x' })}`])(
    'is left alone on a callback path too, when it is no response: %s',
    (query) => {
      expect(match(query, [signed, hidden], { isCallback: true })).toBeUndefined()
    },
  )

  it("is left alone when it is another agent's, although this client's sign-in hides its state", () => {
    const isOfAnother = (state: string | undefined) => state === LONG_STATE
    const more = { isCallback: true, isOfAnother }
    expect(match(`code=c&state=${LONG_STATE}`, [hidden], more)).toBeUndefined()
    expect(
      match(`response=${signedResponse({ state: LONG_STATE })}`, [hidden], more),
    ).toBeUndefined()
  })
})

it('a response that was used already is recognised without its sign-in', () => {
  const used = [fingerprint(new URLSearchParams('code=c&state=s1'))]
  expect(match('code=c&state=s1', [], { records: { pending: [], used, automatic: [] } })).toEqual({
    responseKind: 'code',
    login: undefined,
  })
})

describe('what a sign-in can come back with', () => {
  const authorize = 'https://login.example.net/authorize'
  it.each([
    ['?state=s', undefined, { state: 's', isSigned: false }],
    ['?state=s&response_mode=query', undefined, { state: 's', isSigned: false }],
    ['?state=s&response_mode=jwt', undefined, { state: 's', isSigned: true }],
    ['?state=s&response_mode=query.jwt', undefined, { state: 's', isSigned: true }],
    ['?state=s&request=jwt', undefined, { state: 's', isSigned: undefined }],
    ['?request_uri=urn:x', undefined, { state: undefined, isSigned: undefined }],
    ['?request_uri=urn:x', 'told', { state: 'told', isSigned: undefined }],
    ['?state=s', 'told', { state: 'told', isSigned: false }],
  ])('of %s, state %s', (query, state, expected) => {
    const authorizationUrl = authorize + query
    expect(expectResponse({ authorizationUrl, ...(state !== undefined && { state }) })).toEqual(
      expected,
    )
  })
})

it("removes the response's own parameters, and no other kind's", () => {
  const url = new URL('https://www.example.com/?a=1&&code=c&response=yes&state=s&b#c')
  expect(withoutResponse(url, 'code')).toBe('https://www.example.com/?a=1&response=yes&b#c')
  const jarm = new URL('https://www.example.com/?response=j')
  expect(withoutResponse(jarm, 'jarm')).toBe('https://www.example.com/')
})
