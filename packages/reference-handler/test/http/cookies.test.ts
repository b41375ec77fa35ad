// How strictly cookies are read, and with which attributes they are written.
import { describe, expect, it } from 'vitest'
import {
  expiredCookie,
  findCookies,
  parseCookies,
  serializeCookie,
} from '../../src/http/cookies.ts'
import { createRandom } from '../support/random.ts'

const prefix = '__Host-Http-th'

describe('reading cookies', () => {
  it('finds the cookies of the prefix and leaves all others alone', () => {
    const header = `theme=dark; ${prefix}-at=abc; ${prefix}-login-x=d=e; ${prefix}other=1; flag`
    expect(parseCookies(header, prefix)).toEqual(
      new Map([
        [`${prefix}-at`, 'abc'],
        [`${prefix}-login-x`, 'd=e'],
      ]),
    )
  })

  it('reads nothing from a request without cookies', () => {
    expect(parseCookies(undefined, prefix)).toEqual(new Map())
    expect(parseCookies(null, prefix)).toEqual(new Map())
    expect(parseCookies('', prefix)).toEqual(new Map())
  })

  it.each([
    ['two spaces', `a=b;  ${prefix}-at=planted`],
    ['a tab', `a=b;\t${prefix}-at=planted`],
    ['a no-break space', `a=b;\u00a0${prefix}-at=planted`],
    ['a leading space', ` ${prefix}-at=planted`],
    ['a space before the equals sign', `${prefix}-at =planted`],
    ['quotes around the name', `"${prefix}-at"=planted`],
    ['$Version syntax', `$Version=1, ${prefix}-at=planted`],
    ['another case', `${prefix.toLowerCase()}-at=planted`],
    ['no equals sign', `${prefix}-at`],
  ])('does not take a cookie written with %s for one of ours', (_, header) => {
    expect(parseCookies(header, prefix)).toEqual(new Map())
  })

  it('keeps quotes as part of the value', () => {
    expect(parseCookies(`${prefix}-at="abc"`, prefix)).toEqual(new Map([[`${prefix}-at`, '"abc"']]))
  })

  it('refuses to choose between two cookies of one name', () => {
    expect(parseCookies(`${prefix}-at=mine; ${prefix}-at=planted`, prefix)).toBe('duplicate')
    expect(parseCookies(`${prefix}-at=same; ${prefix}-at=same`, prefix)).toBe('duplicate')
    expect(parseCookies('other=1; other=2', prefix)).toEqual(new Map())
  })
})

describe('the cookies of a header are', () => {
  /** One pair after the other, each read by itself. */
  function readSimply(header: string): (readonly [string, string])[] {
    return header.split(';').flatMap((part, index) => {
      const [, name, value] =
        /^(th-[\w-]*)=(.*)$/.exec(index > 0 ? part.replace(/^ /, '') : part) ?? []
      return name === undefined || value === undefined ? [] : [[name, value] as const]
    })
  }

  it('those that are read pair by pair, in 20,000 headers of chance', () => {
    const random = createRandom(1)
    const pieces = ['th-', 'th-a', 'th-b', '=', ';', '; ', ' ', 'x', '1=', '==', ';;', 'TH-']
    for (let run = 0; run < 20_000; run += 1) {
      const length = Math.floor(random() * 12)
      const chosen = Array.from({ length }, () => pieces[Math.floor(random() * pieces.length)])
      const header = chosen.join('')
      const expected = readSimply(header)
      expect(findCookies(header, 'th'), header).toEqual(expected)
      const names = new Set(expected.map(([name]) => name))
      const isDuplicate = names.size < expected.length
      expect(parseCookies(header, 'th'), header).toEqual(
        isDuplicate ? 'duplicate' : new Map(expected),
      )
    }
  })
})

describe('writing cookies', () => {
  it('sets every attribute that protects a cookie', () => {
    const cookie = { name: `${prefix}-at`, value: 'abc' }
    expect(serializeCookie(cookie, { secure: true })).toBe(
      `${prefix}-at=abc; Path=/; Secure; HttpOnly; SameSite=Strict`,
    )
  })

  it('writes a lifetime and the configured relaxations', () => {
    const cookie = { name: 'th-login-x', value: 'abc', maxAge: 600 }
    expect(serializeCookie(cookie, { secure: false, domain: 'example.com' })).toBe(
      'th-login-x=abc; Path=/; Max-Age=600; Domain=example.com; HttpOnly; SameSite=Strict',
    )
  })

  it('removes a cookie with the attributes it was set with', () => {
    expect(serializeCookie(expiredCookie(`${prefix}-at`), { secure: true })).toBe(
      `${prefix}-at=; Path=/; Max-Age=0; Secure; HttpOnly; SameSite=Strict`,
    )
  })
})
