// What a tab remembers of its sign-ins, and what it makes of damaged memories.
import { describe, expect, it } from 'vitest'
import {
  createLoginRecords,
  fingerprint,
  GUESS_MAX_AGE,
  isRecent,
  parseLoginRecords,
  withPendingLogin,
  withUsedResponse,
} from '../../src/login/login-records.ts'
import type { LoginRecords, PendingLogin } from '../../src/login/login-records.ts'
import { createFakeTab, START } from '../support/fake-platform.ts'

const empty: LoginRecords = { pending: [], used: [], automatic: [] }
const login = (state: string | undefined, returnTo = '/'): PendingLogin => ({
  ...(state !== undefined && { state }),
  returnTo,
  startedAt: START,
})

describe('a pending login', () => {
  it('is guessed to come back for half an hour', () => {
    expect(isRecent(login('s1'), START + GUESS_MAX_AGE - 1)).toBe(true)
    expect(isRecent(login('s1'), START + GUESS_MAX_AGE)).toBe(false)
  })

  it('replaces the one before when both hide their state', () => {
    const records = [login(undefined, '/one'), login(undefined, '/two')].reduce(
      withPendingLogin,
      empty,
    )
    expect(records.pending).toEqual([login(undefined, '/two')])
  })

  it('is no longer pending when its response is used', () => {
    const records = [login('s1'), login('s2')].reduce(withPendingLogin, empty)
    const used = withUsedResponse(records, 'f1', records.pending[0], START)
    expect(used).toEqual({
      pending: [login('s2')],
      used: ['f1'],
      automatic: [],
      ending: { login: login('s1'), isAnswered: false, startedAt: START },
    })
  })
})

it('only the last ten logins and responses are kept', () => {
  let records = parseLoginRecords(undefined)
  for (let number = 0; number < 15; number += 1) {
    records = withPendingLogin(records, login(`s${number}`))
    records = withUsedResponse(records, `f${number}`, undefined, START)
  }
  expect(records.pending.map(({ state }) => state)).toEqual(
    Array.from({ length: 10 }, (_, index) => `s${index + 5}`),
  )
  expect(records.used).toHaveLength(10)
  expect(records.used.at(-1)).toBe('f14')
})

it('a fingerprint tells responses apart and contains nothing of them', () => {
  const one = fingerprint(new URLSearchParams('code=abcdefgh&state=s1'))
  expect(one).toBe(fingerprint(new URLSearchParams('code=abcdefgh&state=s1')))
  expect(one).not.toBe(fingerprint(new URLSearchParams('code=abcdefgi&state=s1')))
  expect(one.length).toBeLessThanOrEqual(7)
})

it.each([
  ['nothing', undefined],
  ['no JSON', '{'],
  ['a string', '"x"'],
  ['null', 'null'],
  ['an array', '[1]'],
  ['other members', '{"a":1}'],
  ['wrong members', '{"pending":{"s1":{}},"used":"f"}'],
  [
    'wrong entries',
    '{"pending":[null,1,{"returnTo":1,"startedAt":1},{"returnTo":"/"}],"used":[1]}',
  ],
  ['a state that is no string', '{"pending":[{"returnTo":"/","startedAt":1,"state":1}]}'],
  ['instants that are none', '{"automatic":["1"],"ending":{"startedAt":"1","isAnswered":true}}'],
  ['an end of a login that is none', '{"ending":{"startedAt":1,"login":{}}}'],
])('storage that holds %s counts as empty', (_, json) => {
  expect(parseLoginRecords(json)).toEqual(empty)
})

it('records survive the way through storage', () => {
  const { platform } = createFakeTab(fetch)
  const pending = [{ ...login('s1'), appState: { draft: [1] }, parameters: { acr_values: 'x' } }]
  const ending = { isAnswered: true, startedAt: START }
  const records = { pending, used: ['f1'], automatic: [START], ending }
  createLoginRecords(platform.sessionStorage, 'p').update(() => records)
  expect(createLoginRecords(platform.sessionStorage, 'p').read()).toEqual(records)
  expect(createLoginRecords(platform.sessionStorage, 'q').read()).toEqual(empty)
})
