// Names on the wire.
import {
  agentErrorStatus,
  cookieName,
  DEFAULT_COOKIE_PREFIX,
  endpoints,
  operations,
  proxyErrorStatus,
} from '../src/index.ts'
import { expect, test } from 'vitest'

test('cookies are named by prefix and role', () => {
  expect(cookieName(DEFAULT_COOKIE_PREFIX, 'proxy')).toBe('__Host-Http-th-at')
  expect(cookieName(DEFAULT_COOKIE_PREFIX, 'session')).toBe('__Host-Http-th-session')
  expect(cookieName('th', 'login')).toBe('th-login')
})

test('the bound cookie has no Http- in its prefix, which browsers refuse for it', () => {
  expect(cookieName(DEFAULT_COOKIE_PREFIX, 'bound')).toBe('__Host-th-bound')
  expect(cookieName('__HOST-http-Shop', 'bound')).toBe('__Host-Shop-bound')
  expect(cookieName('__Host-th', 'bound')).toBe('__Host-th-bound')
  expect(cookieName('th', 'bound')).toBe('th-bound')
})

test('each login has a cookie of its own', () => {
  expect(cookieName('th', 'login', 'x1')).toBe('th-login-x1')
  expect(cookieName('th', 'login', 'x2')).not.toBe(cookieName('th', 'login', 'x1'))
})

test('every operation has a path of its own, and only session is a GET', () => {
  expect(operations.toSorted()).toEqual(Object.keys(endpoints).toSorted())
  expect(new Set(Object.values(endpoints).map(({ path }) => path)).size).toBe(operations.length)
  expect(operations.filter((name) => endpoints[name].method === 'GET')).toEqual(['session'])
})

test('agent and proxy give a shared code the same status', () => {
  const agent: Readonly<Record<string, number>> = agentErrorStatus
  const shared = Object.entries(proxyErrorStatus).filter(([code]) => code in agent)
  expect(shared.length).toBeGreaterThan(3)
  expect(shared).toEqual(shared.map(([code]) => [code, agent[code]]))
})
