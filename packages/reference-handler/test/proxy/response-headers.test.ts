// Which headers of an API's answer reach the client, and what caches in front of the proxy are told.
import { describe, expect, it } from 'vitest'
import { readFileSync } from 'node:fs'
import { parseConfiguration } from '../../src/configuration/parse.ts'
import { responseHeaders } from '../../src/proxy/headers.ts'
import { createPublicUrl } from '../../src/proxy/public-urls.ts'
import { validInput } from '../configuration/valid-configuration.ts'
import type { HeaderLines } from '../../src/proxy/headers.ts'

const cors = { 'access-control-allow-origin': 'https://www.app.example', vary: 'Origin' }
const corsLine = 'access-control-allow-origin: https://www.app.example'

/** Names and values in turn, of lines as they are written. */
const split = (lines: readonly string[]) =>
  lines.flatMap((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)])
const join = (lines: HeaderLines) =>
  lines.flatMap((name, index) => (index % 2 === 0 ? [`${name}: ${lines[index + 1]}`] : []))
const publicUrl = createPublicUrl(
  parseConfiguration({
    ...validInput,
    routes: [{ path: '/api', upstream: 'http://api.internal/v1' }],
  }).routes,
)
const place = {
  publicUrl: (url: string) => publicUrl({ origin: 'http://api.internal', prefix: '/api' }, url),
  cookies: ['AWSALB'],
}
const answer = (...lines: string[]) =>
  join(responseHeaders(split(lines), '__Host-Http-th', cors, place))

/** What an answer of which the API says nothing has on top. */
const added = ['cache-control: private', 'vary: Cookie, Origin', corsLine]

/** The value of the only line of a header; fails when there are several. */
function only(name: string, lines: readonly string[]): string | undefined {
  const found = lines.filter((line) => line.toLowerCase().startsWith(`${name}: `))
  expect(found.length).toBeLessThan(2)
  return found[0]?.slice(name.length + 2)
}

describe('what reaches the client', () => {
  it.each([
    ['Connection', 'close'],
    ['Keep-Alive', 'timeout=5'],
    ['Transfer-Encoding', 'chunked'],
    ['Upgrade', 'h2c'],
    ['Authorization', 'Bearer echoed'],
    ['Proxy-Authenticate', 'Basic'],
    ['Access-Control-Allow-Origin', '*'],
    ['Access-Control-Allow-Credentials', 'true'],
    ['Access-Control-Expose-Headers', 'X-Secret'],
    ['Set-Cookie', '__Host-Http-th-at=planted; Path=/'],
    ['Set-Cookie', '__host-http-TH-session=planted'],
    ['Set-Cookie', ' __Host-Http-th-login-1=planted'],
    ['Set-Cookie', '=__Host-Http-th-at=planted'],
    ['Set-Cookie', '__Host-Http-th-at'],
    ['Set-Cookie', '__Host-th-bound=planted; Path=/'],
  ])('is not %s: %s', (name, value) => {
    expect(answer(`${name}: ${value}`)).toEqual(added)
  })

  it.each([
    'Set-Cookie: theme=dark',
    'Set-Cookie: __Host-Http-theme=dark',
    'WWW-Authenticate: Bearer error="invalid_token"',
    'Content-Length: 7',
  ])('is %s', (line) => {
    expect(answer(line)).toEqual([line, ...added])
  })

  it('lets a trusted page read what the API exposes, besides our own', () => {
    const exposing = [
      'Access-Control-Expose-Headers: ETag, Link',
      'access-control-expose-headers: X-Total',
    ]
    const name = 'access-control-expose-headers'
    const granted = { vary: 'Origin', [name]: 'Retry-After' }
    const lines = (cors: Readonly<Record<string, string>>) =>
      join(responseHeaders(split(exposing), '__Host-Http-th', cors))
    expect(only(name, lines(granted))).toBe('Retry-After, ETag, Link, X-Total')
    expect(only(name, lines({ vary: 'Origin' }))).toBeUndefined()
  })

  it.each([
    ['Location', 'http://api.internal/v1/items/7', '/api/items/7'],
    ['Content-Location', '/v1/items/7', '/api/items/7'],
    [
      'LINK',
      '</v1/a?page=2>; rel="next", <https://docs.example/>; rel=help',
      '</api/a?page=2>; rel="next", <https://docs.example/>; rel=help',
    ],
    ['Refresh', '5; url=/v1/a', '5; url=/api/a'],
    ['Refresh', '5;URL="http://api.internal/v1/a"', '5;URL="/api/a"'],
    ['Refresh', '5', '5'],
  ])('has URLs that it can reach: %s: %s', (name, value, expected) => {
    expect(answer(`${name}: ${value}`)).toEqual([`${name}: ${expected}`, ...added])
  })

  it.each([
    ['AWSALB=a; Path=/v1; Domain=api.internal; Secure', 'AWSALB=a; Path=/api; Secure'],
    ['AWSALB=a; path=/v1/orders; domain=internal', 'AWSALB=a; Path=/api/orders'],
    ['AWSALB=a=b; Path=/', 'AWSALB=a=b; Path=/'],
    ['awsalb=a; Path=/v1', 'awsalb=a; Path=/v1'],
    ['theme=dark; Path=/v1; Domain=example.com', 'theme=dark; Path=/v1; Domain=example.com'],
  ])('is a cookie of the API, placed where it comes back from: %s', (value, expected) => {
    expect(answer(`Set-Cookie: ${value}`)).toEqual([`Set-Cookie: ${expected}`, ...added])
  })

  it('is not what the upstream lists in Connection; our own headers and what caches are told is', () => {
    const connection = 'Connection: X-Hop, access-control-allow-origin, vary, cache-control'
    const lines = [connection, 'X-Hop: 1', 'Vary: Accept', 'Cache-Control: no-store']
    expect(answer(...lines)).toEqual([
      'cache-control: no-store',
      'vary: Accept, Cookie, Origin',
      corsLine,
    ])
  })

  it('says of an event stream that nginx passes it on as it comes, unless the API says otherwise', () => {
    const name = 'x-accel-buffering'
    expect(only(name, answer('Content-Type: text/event-stream'))).toBe('no')
    expect(only(name, answer('content-type: Text/Event-Stream; charset=utf-8'))).toBe('no')
    const buffered = ['X-Accel-Buffering: yes', 'Content-Type: text/event-stream']
    expect(only(name, answer(...buffered))).toBe('yes')
    expect(only(name, answer('Content-Type: application/json'))).toBeUndefined()
  })
})

describe('caches that many users share', () => {
  it.each(['public', 'public, max-age=60', 'S-MAXAGE=60', 'max-age=5, s-maxage=60', 'PUBLIC'])(
    'may give to all what the API shares with all: %s',
    (value) => {
      expect(answer(`Cache-Control: ${value}`)).toEqual([
        `cache-control: ${value}`,
        'vary: Origin',
        corsLine,
      ])
    },
  )

  it.each([
    'private',
    'PRIVATE, max-age=600',
    'no-store',
    'no-cache, no-store, must-revalidate',
    'public, private',
    'public, no-store',
  ])('store nothing that the API forbids them to: %s', (value) => {
    expect(answer(`Cache-Control: ${value}`)).toEqual([
      `cache-control: ${value}`,
      'vary: Cookie, Origin',
      corsLine,
    ])
  })

  it.each([
    'max-age=60',
    'max-age=60, must-revalidate',
    'max-age=60, proxy-revalidate',
    'max-age=60, s-maxage=0',
    'no-cache',
    'no-cache="set-cookie"',
    'no-transform',
    'x-private=1',
    'private="set-cookie", max-age=60',
    'private=""',
    'ext="a, public, b", max-age=60',
    'ext="a\\", public, b", max-age=60',
    'max-age=60, ext="a, s-maxage=5',
    'no-store, must-understand, max-age=60',
    'max-age=60, stale-while-revalidate=600, stale-if-error=600',
    'max-age=60, immutable',
    'publicity',
  ])('store nothing that the API has not allowed them to: %s', (value) => {
    expect(answer(`Cache-Control: ${value}`)).toEqual([
      `cache-control: ${value}, private`,
      ...added.slice(1),
    ])
  })

  it('read one line of Cache-Control, whatever number the API sends', () => {
    const lines = answer('Cache-Control: max-age=60', 'Cache-Control: immutable')
    expect(only('cache-control', lines)).toBe('max-age=60, immutable, private')
    const shared = answer('Cache-Control: max-age=60', 'Cache-Control: public')
    expect(only('cache-control', shared)).toBe('max-age=60, public')
  })

  it.each([
    ['CDN-Cache-Control', 'max-age=600', 'max-age=600, private'],
    ['CDN-Cache-Control', 'public, max-age=600', 'public, max-age=600'],
    ['Cloudflare-CDN-Cache-Control', 'max-age=600', 'max-age=600, private'],
    ['Netlify-CDN-Cache-Control', 'no-store', 'no-store'],
    ['Akamai-Cache-Control', 'max-age=600', 'max-age=600, private'],
    ['X-LiteSpeed-Cache-Control', 'max-age=600', 'max-age=600, private'],
    ['Surrogate-Control', 'max-age=600', undefined],
    ['Surrogate-Control', 'no-store', 'no-store'],
    ['Surrogate-Control', 'no-store, max-age=600', undefined],
    ['Edge-Control', '!no-store, max-age=600', undefined],
    ['X-Accel-Expires', '600', undefined],
    ['X-Accel-Expires', '@1893456000', undefined],
    ['X-Accel-Expires', '0', '0'],
  ])('are told in their own header, too, what they may not store: %s: %s', (name, value, told) => {
    expect(only(name.toLowerCase(), answer(`${name}: ${value}`))).toBe(told)
  })

  it('are told by Cache-Control alone whether an answer varies by the user', () => {
    const lines = answer('Cache-Control: private', 'CDN-Cache-Control: public, max-age=60')
    expect(only('vary', lines)).toBe('Cookie, Origin')
  })
})

describe('one user after another', () => {
  it.each([
    ['Authorization', 'Authorization, Cookie, Origin'],
    ['authorization', 'authorization, Cookie, Origin'],
    ['Accept, AUTHORIZATION', 'Accept, AUTHORIZATION, Cookie, Origin'],
    ['Authorization, Cookie, Origin, Accept', 'Authorization, Accept, Cookie, Origin'],
    ['Accept-Encoding', 'Accept-Encoding, Origin'],
    ['origin, Accept', 'Accept, Origin'],
    ['Cookie', 'Cookie, Origin'],
    ['Host', 'Host, Origin'],
    [', ,', 'Origin'],
    ['*', '*'],
    ['Accept, *', '*'],
  ])('gets what varies by token as varying by cookie: %s', (vary, expected) => {
    const lines = answer(`Vary: ${vary}`, 'Cache-Control: public, max-age=60')
    expect(only('vary', lines)).toBe(expected)
  })

  it.each(['private, max-age=600', 'max-age=600', 'no-cache', 'max-age=60, must-revalidate'])(
    'gets nothing from a browser that kept an answer for the one before: %s',
    (value) => {
      expect(only('vary', answer(`Cache-Control: ${value}`))).toBe('Cookie, Origin')
      expect(only('vary', answer(`Cache-Control: ${value}`, 'Vary: Accept'))).toBe(
        'Accept, Cookie, Origin',
      )
    },
  )

  it.each([
    'X-Forwarded-For',
    'Accept, X-Forwarded-Proto',
    'Forwarded',
    'X-Real-IP',
    'X_Forwarded_For',
    'X-Forwarded-Host',
  ])('gets nothing that depends on what only the API is told: %s', (vary) => {
    expect(only('vary', answer(`Vary: ${vary}`, 'Cache-Control: public'))).toBe('*')
  })

  it('finds all of Vary in one line', () => {
    const lines = answer('Vary: Accept-Encoding', 'vary: Accept', 'Cache-Control: public')
    expect(only('vary', lines)).toBe('Accept-Encoding, Accept, Origin')
  })
})

/** The rows of the table in the guide: name, what becomes of it, and why. */
const rows = readFileSync(new URL('../../../../docs/response-headers.md', import.meta.url), 'utf8')
  .split('\n')
  .map((line) => line.split('|').map((cell) => cell.trim()))
  .filter((cells) => /^(passed|dropped|changed)\b/.test(cells[2] ?? ''))
  .flatMap(([, names = '', verdict = '']) =>
    [...names.matchAll(/`([\w-]+)(?:: ([^`]*))?`/g)].map(([, name = '', value = 'a']) => ({
      name,
      value,
      verdict: verdict.split(/\W/)[0],
    })),
  )

describe('the table of response headers in the guide', () => {
  it('has all that was decided', () => {
    expect(rows.length).toBeGreaterThan(50)
  })

  it.each(rows)('is right about $name: $value, $verdict', ({ name, value, verdict }) => {
    const before = answer()
    const found = answer(`${name}: ${value}`)
    const line = found.find((text) => text === `${name}: ${value}`)
    if (verdict === 'passed') expect(line ?? found).toBe(`${name}: ${value}`)
    else if (verdict === 'dropped') expect(found).toEqual(before)
    else {
      expect(line).toBeUndefined()
      expect(found).not.toEqual(before)
    }
  })
})
