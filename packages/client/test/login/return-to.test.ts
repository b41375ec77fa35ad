// Where users may be sent after a sign-in, and where not.
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { sanitizeReturnTo } from '../../src/login/return-to.ts'

const app = {
  pageUrl: 'https://www.example.com/somewhere?x=1#y',
  basePath: '/',
  callbackPath: '/callback',
}

describe('a place inside the app', () => {
  it.each([
    ['/orders/7', '/orders/7'],
    ['/orders?page=2#top', '/orders?page=2#top'],
    ['https://www.example.com/orders', '/orders'],
    ['orders', '/orders'],
    ['', '/'],
    ['/a/../orders', '/orders'],
    ['/orders?next=https://evil.example/', '/orders?next=https://evil.example/'],
    ['/%2F%2Fevil.example', '/%2F%2Fevil.example'],
    ['/callback-help', '/callback-help'],
  ])('%j is returned to as %j', (target, expected) => {
    expect(sanitizeReturnTo(target, app)).toBe(expected)
  })
})

describe('a hostile target', () => {
  it.each([
    'https://evil.example/',
    'http://www.example.com/',
    'https://www.example.com:8443/',
    'https://www.example.com.evil.example/',
    'https://www.example.com@evil.example/',
    '//evil.example',
    '//evil.example/%2e%2e',
    '///evil.example',
    '/\\evil.example',
    '\\\\evil.example',
    '\\/evil.example',
    '/\t/evil.example',
    '/\n/evil.example',
    '\t//evil.example',
    ' //evil.example',
    '/..//evil.example',
    '/.//evil.example',
    '/%2e//evil.example',
    '/a/..//evil.example',
    'https://www.example.com//evil.example',
    'https:\\\\evil.example',
    'https:/\\evil.example',
    'javascript:alert(1)',
    'java\nscript:alert(1)',
    'JAVASCRIPT:alert(1)',
    'data:text/html,<script>alert(1)</script>',
    'blob:https://www.example.com/7d5f2a0c',
    'vbscript:x',
    'file:///etc/passwd',
    'http://',
    'https://[',
  ])('%j is never returned to', (target) => {
    expect(sanitizeReturnTo(target, app)).toBeUndefined()
  })

  it.each(['/callback', '/callback/', '/callback?code=c&state=s', '/a/../callback'])(
    '%j is the callback itself, where the sign-in would start over',
    (target) => {
      expect(sanitizeReturnTo(target, app)).toBeUndefined()
    },
  )

  it.each(['/', '/other', '/application', '/app/../other', '/app/%2e%2e/other'])(
    '%j lies outside an app below /app',
    (target) => {
      expect(sanitizeReturnTo(target, { ...app, basePath: '/app' })).toBeUndefined()
    },
  )

  it('resolves, whatever it is, to this origin', () => {
    const piece = fc.constantFrom(
      '/',
      '\\',
      '.',
      '%2e',
      '\t',
      ' ',
      '@',
      ':',
      'evil.example',
      'https:',
      '?',
      '#',
    )
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
        const result = sanitizeReturnTo(pieces.join(''), app)
        if (result === undefined) return
        expect(new URL(result, app.pageUrl).origin).toBe('https://www.example.com')
        expect(sanitizeReturnTo(result, app)).toBe(result)
      }),
      { numRuns: 2_000 },
    )
  })
})

it.each(['/app', '/app/', '/app?x', '/app/orders'])(
  '%j lies inside an app below /app/',
  (target) => {
    expect(sanitizeReturnTo(target, { ...app, basePath: '/app/' })).toBe(target)
  },
)
