// Base64url, and the claims of a JWT, as jose reads and writes them.
import * as fc from 'fast-check'
import { base64url, decodeJwt } from 'jose'
import { describe, expect, it } from 'vitest'
import { decodeBase64url, encodeBase64url, readJwtClaims } from '../src/base64url.ts'

const bytes = fc.uint8Array({ maxLength: 300 })

/** What old runtimes lack. */
const natives = [Uint8Array.prototype, Uint8Array] as const

describe.each(['native', 'by hand'])('%s', (way) => {
  const inThisWay = <T>(action: () => T): T => {
    if (way === 'native') return action()
    const [prototype, constructor] = natives
    const kept = [
      Object.getOwnPropertyDescriptor(prototype, 'toBase64'),
      Object.getOwnPropertyDescriptor(constructor, 'fromBase64'),
    ] as const
    Reflect.deleteProperty(prototype, 'toBase64')
    Reflect.deleteProperty(constructor, 'fromBase64')
    try {
      return action()
    } finally {
      if (kept[0]) Object.defineProperty(prototype, 'toBase64', kept[0])
      if (kept[1]) Object.defineProperty(constructor, 'fromBase64', kept[1])
    }
  }

  it('writes what jose writes, and reads it back', () => {
    fc.assert(
      fc.property(bytes, (content) => {
        const encoded = inThisWay(() => encodeBase64url(content))
        expect(encoded).toBe(base64url.encode(content))
        expect([...inThisWay(() => decodeBase64url(encoded))]).toEqual([...content])
      }),
    )
  })

  it('writes text as UTF-8, and content of any length', () => {
    expect(inThisWay(() => encodeBase64url('Ålice'))).toBe(base64url.encode('Ålice'))
    const long = new Uint8Array(100_000).fill(7)
    expect(inThisWay(() => encodeBase64url(long))).toBe(base64url.encode(long))
  })

  it.each(['YQ==', 'Y Q', 'YQ\n', 'a+b/', 'a', 'abcde', '\u0159Q'])('does not read %j', (text) => {
    expect(() => inThisWay(() => decodeBase64url(text))).toThrow()
  })
})

describe('the claims of a JWT', () => {
  const jwt = (payload: string) => `e30.${encodeBase64url(payload)}.sig`

  it('are what jose reads', () => {
    const token = jwt('{"sub":"alice","aud":["a","b"],"name":"Ålice"}')
    expect(readJwtClaims(token)).toEqual(decodeJwt(token))
  })

  it.each([
    ['an opaque token', 'abc'],
    ['an encrypted one', 'a.b.c.d.e'],
    ['a payload that is no object', jwt('[]')],
    ['a payload that is null', jwt('null')],
    ['a payload that is no JSON', jwt('{')],
    ['a payload that is no UTF-8', `e30.${encodeBase64url(Uint8Array.of(0xff))}.sig`],
    ['no payload', 'e30..sig'],
    ['no signature', 'e30.e30'],
  ])('are none of %s', (_title, token) => {
    expect(() => readJwtClaims(token)).toThrow()
  })
})
