// How strictly cookies are read, and with which attributes they are written.
import { describe, expect, it } from 'vitest'
import { expiredCookie, parseCookies, serializeCookie } from '../../src/http/cookies.ts'

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
