// The plan of a page load: URL, flag and memory in, plan out.
import { describe, expect, it } from 'vitest'
import { fingerprint } from '../../src/login/login-records.ts'
import { readOptions } from '../../src/options.ts'
import { planPageLoad } from '../../src/page/plan-page-load.ts'
import type { PageLoadFacts } from '../../src/page/plan-page-load.ts'
import { START } from '../support/fake-platform.ts'
import { signedResponse } from '../support/signed-response.ts'

const origin = 'https://www.example.com'
const pending = { state: 's1', returnTo: '/orders', startedAt: START }
const facts: PageLoadFacts = {
  pageUrl: `${origin}/`,
  callbackPath: undefined,
  records: { pending: [], used: [], automatic: [] },
  isOfAnother: () => false,
  isLoggedIn: undefined,
  now: START,
}
const jwt = signedResponse({ code: 'c', state: 's1' })
const long = 'a-state-that-nobody-guesses'
const waiting = { ...facts.records, pending: [pending] }
const hidden = { ...facts.records, pending: [{ returnTo: '/orders', startedAt: START }] }

describe('a page whose URL is not a callback', () => {
  it.each([
    ['ask-session', undefined],
    ['ask-session', true],
    ['stay-signed-out', false],
  ] as const)('has the plan %s when the flag says %s', (kind, isLoggedIn) => {
    expect(planPageLoad({ ...facts, isLoggedIn })).toEqual({ kind })
  })
})

describe('an authorization response on a page that has other uses too', () => {
  it.each([
    ['code and state', 'code', '/?code=c&state=s1', waiting, '/'],
    ['error and state', 'error', '/?error=access_denied&state=s1', waiting, '/'],
    ['a signed response', 'jarm', `/?response=${jwt}`, waiting, '/'],
    ['a signed response to a hidden state', 'jarm', `/?response=${jwt}`, hidden, '/'],
    ['code and state of a hidden state', 'code', `/?code=c&state=${long}`, hidden, '/'],
    [
      'all its parameters among those of the app',
      'code',
      '/shop?q=a+b%20c&code=c&flag&state=s1&iss=i&session_state=x&error_description=d&error_uri=u&z=1#/hash?code=1',
      waiting,
      '/shop?q=a+b%20c&flag&z=1#/hash?code=1',
    ],
  ])('ends the login: %s', (_, responseKind, path, records, cleanPath) => {
    const pageUrl = origin + path
    expect(planPageLoad({ ...facts, pageUrl, records })).toEqual({
      kind: 'end-login',
      responseKind,
      parameters: new URL(pageUrl).searchParams,
      response: fingerprint(new URL(pageUrl).searchParams),
      login: records.pending[0],
      cleanUrl: origin + cleanPath,
    })
  })

  it.each([
    ['this tab has started no login', '/?code=c&state=s1', facts.records],
    ['the state is of nobody here', '/?code=c&state=other', waiting],
    [
      'the login that hides its state was started too long ago',
      `/?code=c&state=${long}`,
      { ...facts.records, pending: [{ returnTo: '/orders', startedAt: START - 1_800_000 }] },
    ],
    ['there is a code without a state', '/?code=c', hidden],
    ['there is an error without a state', '/?error=e', hidden],
    ['there is a state only', '/?state=s1', waiting],
    ['there is more than the signed response', `/?response=${jwt}&x=1`, hidden],
    ['the signed response is a value of the app', '/?response=yes', hidden],
    ['it stands in the fragment', '/#code=c&state=s1', waiting],
  ])('is left alone, URL and all, when %s', (_, path, records) => {
    expect(planPageLoad({ ...facts, pageUrl: origin + path, records })).toEqual({
      kind: 'ask-session',
    })
  })

  it('is left alone without asking the agent when nobody is signed in for sure', () => {
    const pageUrl = `${origin}/?code=of-somebody-else&state=x`
    expect(planPageLoad({ ...facts, pageUrl, isLoggedIn: false })).toEqual({
      kind: 'stay-signed-out',
    })
  })
})

describe('an authorization response on the callback path', () => {
  const callbackPath = '/callback'

  it('ends the login, also when another tab has started it', () => {
    const pageUrl = `${origin}/callback?code=c&state=s1`
    expect(planPageLoad({ ...facts, callbackPath, pageUrl })).toMatchObject({
      kind: 'end-login',
      login: undefined,
      cleanUrl: `${origin}/callback`,
    })
  })

  it('ends the login although the host has added a slash', () => {
    const pageUrl = `${origin}/callback/?code=c&state=s1`
    expect(planPageLoad({ ...facts, callbackPath, pageUrl }).kind).toBe('end-login')
  })

  it('ends the login where the path is not ASCII', () => {
    const settings = readOptions({ callbackPath: '/café' }, origin)
    const pageUrl = `${origin}/caf%C3%A9?code=c&state=s1`
    const { callbackPath: path } = settings
    expect(planPageLoad({ ...facts, callbackPath: path, pageUrl }).kind).toBe('end-login')
  })

  it('ends the login whatever the flag says', () => {
    const pageUrl = `${origin}/callback?code=c&state=s1`
    expect(planPageLoad({ ...facts, callbackPath, pageUrl, isLoggedIn: false }).kind).toBe(
      'end-login',
    )
  })

  it('is the only one: other pages may use the names for themselves', () => {
    const pageUrl = `${origin}/?code=c&state=s1`
    const records = waiting
    expect(planPageLoad({ ...facts, callbackPath, pageUrl, records })).toEqual({
      kind: 'ask-session',
    })
  })
})

describe('an authorization response that was used already', () => {
  it.each([undefined, '/callback'])(
    'is removed and not used again (callback path %s)',
    (callbackPath) => {
      const pageUrl = `${origin}/callback?code=c&state=s1&keep=1`
      const used = [fingerprint(new URL(pageUrl).searchParams)]
      expect(
        planPageLoad({
          ...facts,
          callbackPath,
          pageUrl,
          isLoggedIn: false,
          records: { ...facts.records, used },
        }),
      ).toEqual({ kind: 'ask-session', cleanUrl: `${origin}/callback?keep=1` })
    },
  )
})
