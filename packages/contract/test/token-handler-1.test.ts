// Profile token-handler-1: what one half writes, the other reads.
import { operations, tokenHandler1, tokenHandler1Server } from '../src/index.ts'
import type { Claims, OperationResults } from '../src/index.ts'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'

const seconds = fc.integer({ min: 0, max: 2 ** 40 })
// Through JSON once, because it has no -0.
const claims = fc
  .dictionary(
    fc.string().filter((name) => name !== '__proto__'),
    fc.jsonValue(),
    { noNullPrototype: true },
  )
  .map((value): Claims => JSON.parse(JSON.stringify(value)) as Claims)
const session = fc.record(
  { isLoggedIn: fc.boolean(), claims, accessTokenExpiresIn: seconds, sessionExpiresIn: seconds },
  { requiredKeys: ['isLoggedIn'], noNullPrototype: true },
)
const url = fc.webUrl({ withQueryParameters: true })

const results: { readonly [O in keyof OperationResults]: fc.Arbitrary<OperationResults[O]> } = {
  session,
  endLogin: session,
  startLogin: fc.record({ authorizationUrl: url }, { noNullPrototype: true }),
  refresh: fc.record(
    { accessTokenExpiresIn: seconds },
    { requiredKeys: [], noNullPrototype: true },
  ),
  logout: fc.record({ logoutUrl: url }, { requiredKeys: [], noNullPrototype: true }),
}

const overTheWire = (body: unknown): unknown => JSON.parse(JSON.stringify(body))

describe.each(operations)('%s', (operation) => {
  test('what the server encodes, the browser decodes', () => {
    fc.assert(
      fc.property(results[operation], (result) => {
        const body = overTheWire(tokenHandler1Server.encodeResult(operation, result))
        expect(tokenHandler1.decodeResult(operation, body)).toStrictEqual(result)
      }),
      { seed: 21, numRuns: 300 },
    )
  })

  test('the request has the version header and asks for JSON', () => {
    const { headers } = tokenHandler1.encodeRequest(operation)
    expect(headers).toEqual({ accept: 'application/json', 'token-handler-version': '1' })
  })
})

test('errors survive the wire, with and without details', () => {
  const error = fc.record(
    { code: fc.string({ minLength: 1 }), details: fc.string() },
    { requiredKeys: ['code'], noNullPrototype: true },
  )
  fc.assert(
    fc.property(error, (value) => {
      const body = overTheWire(tokenHandler1Server.encodeError(value))
      expect(tokenHandler1.decodeError(body)).toStrictEqual(value)
    }),
    { seed: 22, numRuns: 300 },
  )
})

test('parameters travel as a form', () => {
  const parameters = new URLSearchParams({ code: 'a b', state: 'å&=' })
  const request = tokenHandler1.encodeRequest('endLogin', { parameters })
  expect(request.method).toBe('POST')
  expect(request.path).toBe('/login/end')
  expect(request.headers['content-type']).toBe('application/x-www-form-urlencoded')
  expect([...new URLSearchParams(request.body)]).toEqual([...parameters])
})

test('an empty form is no body and has no content type', () => {
  const request = tokenHandler1.encodeRequest('startLogin', { parameters: new URLSearchParams() })
  expect(request.body).toBeUndefined()
  expect(request.headers).not.toHaveProperty('content-type')
})

test('a GET has no body, whatever it is given', () => {
  const parameters = new URLSearchParams({ a: 'b' })
  expect(tokenHandler1.encodeRequest('session', { parameters }).body).toBeUndefined()
})
