// Which requests count as sent by the SPA.
import { describe, expect, it } from 'vitest'
import { checkOrigin } from '../../src/http/origin-guard.ts'
import type { GuardedRequest } from '../../src/http/origin-guard.ts'

const spa = 'https://www.example.com'
const version = { 'token-handler-version': '1' }

const check = (
  method: string,
  headers: Record<string, string>,
  more: Pick<GuardedRequest, 'eventSource' | 'upgrade'> = {},
) => checkOrigin({ method, headers: (name) => headers[name], trustedOrigins: [spa], ...more })

const refused = { reason: expect.any(String) as unknown }

describe('the origin guard', () => {
  it.each(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'QUERY'])(
    'trusts %s from the SPA',
    (method) => {
      expect(check(method, { origin: spa, ...version })).toBe('trusted')
    },
  )

  it.each(['POST', 'PUT', 'PATCH', 'DELETE', 'QUERY', 'OPTIONS'])(
    'refuses %s without an origin',
    (method) => {
      expect(check(method, version)).toEqual(refused)
    },
  )

  it('trusts a GET without an origin, as pages send it to their own origin', () => {
    expect(check('GET', version)).toBe('trusted')
    expect(check('GET', { ...version, 'sec-fetch-site': 'same-origin' })).toBe('trusted')
    expect(check('HEAD', version)).toBe('trusted')
  })

  it('refuses a GET that another site sends without an origin', () => {
    expect(check('GET', { ...version, 'sec-fetch-site': 'cross-site' })).toEqual(refused)
  })

  it.each([
    'null',
    'https://www.example.com.evil.example',
    'https://evil.example',
    'https://www.example.com:8443',
    'http://www.example.com',
    'https://WWW.example.com',
    'https://www.example.com/',
    'https://api.example.com',
    '',
  ])('refuses the origin "%s" for every method', (origin) => {
    expect(check('GET', { origin, ...version })).toEqual(refused)
    expect(check('POST', { origin, ...version })).toEqual(refused)
  })

  it.each([{}, { 'token-handler-version': '2' }, { 'token-handler-version': '1, 1' }])(
    'refuses version header %j, also from the SPA and for GET',
    (headers) => {
      expect(check('GET', { origin: spa, ...headers })).toEqual(refused)
      expect(check('POST', { origin: spa, ...headers })).toEqual(refused)
    },
  )
})

describe('the origin guard on an event source', () => {
  const eventSource = { eventSource: true }

  it('lets Sec-Fetch-Site and Origin stand in for the version header', () => {
    expect(check('GET', { 'sec-fetch-site': 'same-origin' }, eventSource)).toBe('trusted')
    expect(check('GET', { 'sec-fetch-site': 'same-site', origin: spa }, eventSource)).toBe(
      'trusted',
    )
  })

  it.each([
    {},
    { 'sec-fetch-site': 'none' },
    { 'sec-fetch-site': 'cross-site', origin: spa },
    { 'sec-fetch-site': 'same-site' },
    { 'sec-fetch-site': 'same-site', origin: 'https://evil.example.com' },
    { origin: spa },
  ])('refuses %j', (headers) => {
    expect(check('GET', headers, eventSource)).toEqual(refused)
  })

  it('makes no exception for other methods and other routes', () => {
    const headers = { 'sec-fetch-site': 'same-origin', origin: spa }
    expect(check('POST', headers, eventSource)).toEqual(refused)
    expect(check('GET', headers)).toEqual(refused)
  })
})

describe('the origin guard on a WebSocket upgrade', () => {
  const upgrade = { upgrade: true }

  it('trusts the SPA without the version header', () => {
    expect(check('GET', { origin: spa }, upgrade)).toBe('trusted')
  })

  it('refuses a missing or foreign origin, whatever else is sent', () => {
    expect(check('GET', { ...version, 'sec-fetch-site': 'same-origin' }, upgrade)).toEqual(refused)
    expect(check('GET', { ...version, origin: 'null' }, upgrade)).toEqual(refused)
    expect(check('GET', { ...version, origin: 'https://evil.example' }, upgrade)).toEqual(refused)
  })
})
