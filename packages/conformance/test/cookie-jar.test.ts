// The suite's browser takes and sends cookies at least as strictly as real ones.
import { expect, test } from 'vitest'
import { createCookieJar } from '../src/cookie-jar.ts'
import type { CookieJar } from '../src/cookie-jar.ts'

const agent = new URL('https://api.example.com/oauth-agent/login/end')

function createJar(): {
  jar: CookieJar
  clock: { now: number }
  set: (...headers: string[]) => void
} {
  const clock = { now: 1_000_000 }
  const jar = createCookieJar(() => clock.now)
  return { jar, clock, set: (...headers) => jar.store(headers, agent, 'same-site') }
}

test('a host cookie is kept with all its attributes', () => {
  const { jar, set } = createJar()
  set('__Host-Http-th-at=v=1; Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age=60')
  expect(jar.refused()).toEqual([])
  expect(jar.cookies()).toEqual([
    {
      name: '__Host-Http-th-at',
      value: 'v=1',
      domain: 'api.example.com',
      hostOnly: true,
      path: '/',
      secure: true,
      httpOnly: true,
      sameSite: 'strict',
      expiresAt: 1_060_000,
    },
  ])
})

test.each([
  ['__Host-a=1; Path=/', /Secure/],
  ['__Host-a=1; Path=/; Secure; Domain=example.com', /Domain/],
  ['__Host-a=1; Path=/oauth-agent; Secure', /Path/],
  ['__host-a=1; Secure; Path=/; Domain=example.com', /Domain/],
  ['__Host-Http-a=1; Path=/; Secure', /HttpOnly/],
  ['__Host-Http-a=1; Secure; HttpOnly', /Path/],
  ['__Http-a=1; HttpOnly', /Secure/],
  ['__Secure-a=1; HttpOnly', /Secure/],
  ['a=1; SameSite=None', /Secure/],
  ['a=1; Domain=other.example', /Domain/],
  ['a=1; Domain=com', /Domain/],
  ['=1', /name/],
  ['just-a-value', /name/],
  [`a=${'x'.repeat(4096)}`, /4096/],
])('%s is refused', (header, reason) => {
  const { jar, set } = createJar()
  set(header)
  expect(jar.cookies()).toEqual([])
  expect(jar.refused()).toEqual([
    { name: expect.any(String), reason: expect.stringMatching(reason) },
  ])
})

test('a Secure cookie is refused over plain http, except on this machine', () => {
  const { jar } = createJar()
  jar.store(['a=1; Secure'], new URL('http://api.example.com/'), 'same-origin')
  expect(jar.refused()).toHaveLength(1)
  jar.store(['a=1; Secure'], new URL('http://api.app.localhost:3000/'), 'same-origin')
  expect(jar.cookies()).toHaveLength(1)
  expect(jar.header(new URL('http://api.app.localhost:3000/x'), 'same-origin')).toBe('a=1')
})

test('a SameSite cookie is neither taken from nor sent to another site', () => {
  const { jar, set } = createJar()
  jar.store(['a=1; SameSite=Strict'], agent, 'cross-site')
  expect(jar.refused()).toHaveLength(1)
  set(
    'strict=1; SameSite=Strict',
    'lax=1; SameSite=Lax',
    'silent=1',
    'none=1; SameSite=None; Secure',
  )
  expect(jar.header(agent, 'cross-site')).toBe('none=1')
  expect(jar.header(agent, 'same-site')).toBe('strict=1; lax=1; silent=1; none=1')
})

test('a cookie goes to its host and path only', () => {
  const { jar, set } = createJar()
  set(
    'host=1; Path=/',
    'path=1; Path=/oauth-agent/refresh',
    'default=1',
    'domain=1; Path=/; Domain=.example.com',
  )
  const sentTo = (url: string): string => jar.header(new URL(url), 'same-origin')
  expect(sentTo('https://api.example.com/')).toBe('host=1; domain=1')
  expect(sentTo('https://api.example.com/oauth-agent/refresh')).toBe('host=1; path=1; domain=1')
  expect(sentTo('https://api.example.com/oauth-agent/refreshed')).toBe('host=1; domain=1')
  expect(sentTo('https://api.example.com/oauth-agent/login/x')).toBe('host=1; default=1; domain=1')
  expect(sentTo('https://www.example.com/')).toBe('domain=1')
  expect(sentTo('https://api.example.com.evil.example/')).toBe('')
})

test('a cookie is replaced by its like, and deleted by Max-Age=0 or a past date', () => {
  const { jar, set } = createJar()
  set('a=1; Path=/', 'a=2; Path=/', 'b=1; Path=/')
  expect(jar.header(agent, 'same-site')).toBe('a=2; b=1')
  set('a=; Path=/; Max-Age=0', 'b=; Path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT')
  expect(jar.cookies()).toEqual([])
})

test('a deletion with another path deletes nothing', () => {
  const { jar, set } = createJar()
  set('a=1; Path=/', 'a=; Max-Age=0')
  expect(jar.header(agent, 'same-site')).toBe('a=1')
})

test('Max-Age counts before Expires, and time passes by the clock given', () => {
  const { jar, clock, set } = createJar()
  set('a=1; Path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=10')
  clock.now += 9_999
  expect(jar.cookies()).toHaveLength(1)
  clock.now += 1
  expect(jar.cookies()).toEqual([])
})

test('scripts see what is not HttpOnly', () => {
  const { jar, set } = createJar()
  set('open=1; Path=/', 'closed=1; Path=/; HttpOnly')
  expect(jar.scriptVisible(agent)).toBe('open=1')
})
