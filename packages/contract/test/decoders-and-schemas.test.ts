// The browser's decoders and the zod schemas are two descriptions of one wire: they accept the same JSON.
import { operations, tokenHandler1 } from '../src/index.ts'
import type { OperationResults, WireError } from '../src/index.ts'
import * as schemas from '../src/schemas.ts'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import * as z from 'zod/mini'
import { jsonText } from './support/json-text.ts'

const present = <T extends object>(
  result: T,
): { [K in keyof T]: Exclude<T[K], null | undefined> } =>
  Object.fromEntries(
    Object.entries(result).filter(([, value]) => value !== null && value !== undefined),
  ) as { [K in keyof T]: Exclude<T[K], null | undefined> }

/** What a schema makes of a body, in the words of the results; `undefined` when it refuses. */
const readWithSchema: {
  readonly [O in keyof OperationResults | 'error']: (
    body: unknown,
  ) => (O extends keyof OperationResults ? OperationResults[O] : WireError) | undefined
} = {
  session: readSession,
  endLogin: readSession,
  startLogin: (body) => {
    const { data } = z.safeParse(schemas.startLoginResponse, body)
    return data && { authorizationUrl: data.authorization_url }
  },
  refresh: (body) => {
    const { data } = z.safeParse(schemas.refreshResponse, body)
    return data && present({ accessTokenExpiresIn: data.access_token_expires_in })
  },
  logout: (body) => {
    const { data } = z.safeParse(schemas.logoutResponse, body)
    return data && present({ logoutUrl: data.logout_url })
  },
  error: (body) => {
    const { data } = z.safeParse(schemas.errorResponse, body)
    return data && present({ code: data.error_code, details: data.detailed_error })
  },
}

function readSession(body: unknown): OperationResults['session'] | undefined {
  const { data } = z.safeParse(schemas.sessionResponse, body)
  return (
    data &&
    present({
      isLoggedIn: data.is_logged_in,
      claims: data.id_token_claims,
      accessTokenExpiresIn: data.access_token_expires_in,
      sessionExpiresIn: data.session_expires_in,
      isDeviceBound: data.is_device_bound || undefined,
    })
  )
}

const decode = (kind: keyof typeof readWithSchema, body: unknown): unknown =>
  kind === 'error' ? tokenHandler1.decodeError(body) : tokenHandler1.decodeResult(kind, body)

describe.each([...operations, 'error'] as const)('%s', (kind) => {
  test('decoder and schema accept the same JSON and agree on the result', () => {
    const seen = { accepted: 0, refused: 0 }
    fc.assert(
      fc.property(jsonText, (text) => {
        const body: unknown = JSON.parse(text)
        const decoded = decode(kind, body)
        seen[decoded === undefined ? 'refused' : 'accepted'] += 1
        expect(decoded).toStrictEqual(readWithSchema[kind](body))
      }),
      { seed: 20, numRuns: 4000 },
    )
    // Both sides of the border were really visited.
    expect(Math.min(seen.accepted, seen.refused)).toBeGreaterThan(200)
  })
})

test.each<[string, string]>([
  ['seconds beyond all numbers', '{"is_logged_in":true,"access_token_expires_in":1e999}'],
  ['claims that are a list', '{"is_logged_in":true,"id_token_claims":[]}'],
  ['bound to something that is no flag', '{"is_logged_in":true,"is_device_bound":"yes"}'],
  ['a flag that is a string', '{"is_logged_in":"true"}'],
  ['no flag', '{}'],
  ['a list', '[{"is_logged_in":true}]'],
  ['null', 'null'],
])('a session that is %s breaks the contract', (_what, text) => {
  const body: unknown = JSON.parse(text)
  expect(tokenHandler1.decodeResult('session', body)).toBeUndefined()
  expect(readWithSchema.session(body)).toBeUndefined()
})

test('a sign-out may be answered with a session, but not with JSON of somebody else', () => {
  for (const [text, result] of [
    ['{"is_logged_in":false}', {}],
    ['{}', {}],
    ['{"status":"ok"}', undefined],
  ] as const) {
    const body: unknown = JSON.parse(text)
    expect(tokenHandler1.decodeResult('logout', body)).toEqual(result)
    expect(readWithSchema.logout(body)).toEqual(result)
  }
})

test('null counts as absent, and unknown members are ignored', () => {
  const body = {
    is_logged_in: false,
    id_token_claims: null,
    access_token_expires_in: null,
    session_expires_in: null,
    is_device_bound: null,
    nickname: 'x',
  }
  expect(tokenHandler1.decodeResult('session', body)).toStrictEqual({ isLoggedIn: false })
})

test('a session says that it is bound to the device, or nothing about it', () => {
  const decode = (bound: unknown) =>
    tokenHandler1.decodeResult('session', { is_logged_in: true, is_device_bound: bound })
  expect(decode(true)).toStrictEqual({ isLoggedIn: true, isDeviceBound: true })
  expect(decode(false)).toStrictEqual({ isLoggedIn: true })
})

test('a claim named __proto__ never becomes a prototype', () => {
  const body: unknown = JSON.parse(
    '{"is_logged_in":true,"id_token_claims":{"__proto__":{"admin":true}}}',
  )
  const claims = tokenHandler1.decodeResult('session', body)?.claims
  expect(claims?.['admin']).toBeUndefined()
  expect(Object.assign({}, claims)['admin' as never]).toBeUndefined()
})
