// Packed text: any text survives, tokens shrink.
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { packText, unpackText } from '../../src/sealing/packed-text.ts'

const base64urlText = fc.stringMatching(/^[\w-]*$/, { maxLength: 300 })

/** Looks like a JWT, but the last characters of its segments may have stray bits. */
const tokenLike = fc
  .array(base64urlText, { minLength: 1, maxLength: 5 })
  .map((segments) => segments.join('.'))

describe('packed text', () => {
  it('gives back every text that JSON can hold', () => {
    const content = fc.oneof(
      tokenLike,
      fc.array(fc.oneof(tokenLike, fc.string({ unit: 'binary' }))),
    )
    fc.assert(
      fc.property(content, (value) => {
        const text = JSON.stringify(value)
        expect(unpackText(packText(text))).toBe(text)
      }),
    )
  })

  it('gives back every JSON value', () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        expect(unpackText(packText(text))).toBe(text)
      }),
    )
  })

  it('stores base64url as bytes', () => {
    expect(packText('A'.repeat(1000))).toHaveLength(1 + 2 + 750)
  })

  it('gives back a token longer than one stretch can be', () => {
    const text = 'Zm9v'.repeat(40_000)
    expect(unpackText(packText(text))).toBe(text)
  })

  it('refuses bytes that end within an announced length', () => {
    expect(() => unpackText(Uint8Array.of(97, 0, 1))).toThrow(RangeError)
  })
})
