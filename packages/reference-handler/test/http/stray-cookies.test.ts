// Which cookies of an earlier domain are removed beside those of today.
import { describe, expect, it } from 'vitest'
import { serializeCookie } from '../../src/http/cookies.ts'
import { removeStrayCookies } from '../../src/http/stray-cookies.ts'

const domains = (host: string, domain?: string, prefix = 'th') =>
  removeStrayCookies(['th-at'], { prefix, domain, host }).map((cookie) => cookie.domain)

describe('cookies that another cookies.domain has left', () => {
  it.each([
    ['api.app.example', undefined, ['api.app.example', 'app.example']],
    ['api.app.example:8443', undefined, ['api.app.example', 'app.example']],
    ['API.App.Example', 'app.example', [undefined, 'api.app.example']],
    ['app.localhost', 'APP.localhost', [undefined]],
    ['localhost', undefined, []],
    ['127.0.0.1:3000', undefined, []],
    ['[::1]:3000', undefined, []],
    ['a b.example, c', undefined, []],
    ['', undefined, []],
  ])('are those of %s, but for %s', (host, domain, expected) => {
    expect(domains(host, domain)).toEqual(expected)
  })

  it('are possible only where the prefix lets a cookie have a domain', () => {
    for (const prefix of ['__Host-Http-th', '__Host-th', '__host-TH']) {
      expect(domains('api.app.example', undefined, prefix)).toEqual([])
    }
    expect(domains('api.app.example', undefined, '__Http-th')).not.toEqual([])
  })

  it('go by a removal with that domain, or without one', () => {
    const place = { prefix: 'th', domain: 'app.example', host: 'app.example' }
    const [cookie = { name: '', value: '' }] = removeStrayCookies(['th-at'], place)
    expect(serializeCookie(cookie, { secure: true, domain: 'app.example' })).toBe(
      'th-at=; Path=/; Max-Age=0; Secure; HttpOnly; SameSite=Strict',
    )
  })
})
