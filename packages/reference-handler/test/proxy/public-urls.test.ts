// Which URLs of an upstream become public ones, and how they read then.
import { describe, expect, it } from 'vitest'
import { parseConfiguration } from '../../src/configuration/parse.ts'
import { createPublicUrl } from '../../src/proxy/public-urls.ts'
import { validInput } from '../configuration/valid-configuration.ts'

const { routes } = parseConfiguration({
  ...validInput,
  routes: [
    { path: '/api', upstream: 'http://api.internal:8080/v1' },
    { path: '/api/admin', upstream: 'http://api.internal:8080/v1/internal/' },
    { path: '/copy', upstream: 'http://api.internal:8080/v1' },
    { path: '/shop', upstream: 'https://shop.internal' },
    { path: '/same', upstream: 'https://same.internal/same' },
  ],
})
const publicUrl = createPublicUrl(routes)
const api = { origin: 'http://api.internal:8080', prefix: '/api' }
const shop = { origin: 'https://shop.internal', prefix: '/shop' }

describe('the public URL', () => {
  it.each([
    ['/v1/items/7', '/api/items/7'],
    ['/v1', '/api'],
    ['/v1/', '/api/'],
    ['/v1?page=2', '/api?page=2'],
    ['/v1/items?from=/v1/a#part', '/api/items?from=/v1/a#part'],
    ['/v1/a%20b%2Fc', '/api/a%20b%2Fc'],
    ['http://api.internal:8080/v1/items/7', '/api/items/7'],
    ['HTTP://API.internal:8080/v1/items/7?a=b#c', '/api/items/7?a=b#c'],
    ['//api.internal:8080/v1/items/7', '/api/items/7'],
    ['/v1/internal/users', '/api/admin/users'],
    ['/v1/internals', '/api/internals'],
  ])('of a path or URL of its own is below the route: %s', (url, expected) => {
    expect(publicUrl(api, url)).toBe(expected)
  })

  it('stays below the route of the request where two lead to one place', () => {
    expect(publicUrl({ ...api, prefix: '/copy' }, '/v1/items')).toBe('/copy/items')
  })

  it.each([
    ['/items/7', '/shop/items/7'],
    ['/', '/shop/'],
    ['https://shop.internal', '/shop/'],
    ['https://shop.internal:443/items', '/shop/items'],
    ['/shop/items/7', '/shop/items/7'],
    ['/shopping', '/shop/shopping'],
    ['https://shop.internal/shop/items', '/shop/items'],
  ])('of an upstream without a path is below the route, once: %s', (url, expected) => {
    expect(publicUrl(shop, url)).toBe(expected)
  })

  it.each([
    '/v2/items',
    '/v11',
    'items/7',
    './7',
    '../7',
    '?page=2',
    '#part',
    '',
    'https://elsewhere.example/v1/items',
    'https://api.internal:8080/v1/items',
    'http://api.internal/v1/items',
    'http://api.internal:8080.evil.example/v1',
    '//elsewhere.example/v1',
    'mailto:a@example.com',
    'http://[',
  ])('of anything else is what it was: %s', (url) => {
    expect(publicUrl(api, url)).toBe(url)
  })

  it('names no host of the inside, even where no route leads', () => {
    expect(publicUrl(api, 'http://api.internal:8080/other?a=b')).toBe('/other?a=b')
    expect(publicUrl(api, 'http://api.internal:8080//evil.example/x')).toBe('/evil.example/x')
    expect(publicUrl(shop, 'https://shop.internal//evil.example')).toBe('/shop/evil.example')
  })

  it('is found for the Host that an upstream was sent, too, and for no other', () => {
    const view = { ...api, host: 'api.app.example' }
    expect(publicUrl(view, 'https://api.app.example/v1/items')).toBe('/api/items')
    expect(publicUrl(view, 'http://API.app.example:80/v1/items')).toBe('/api/items')
    expect(publicUrl(api, 'https://api.app.example/v1/items')).toBe(
      'https://api.app.example/v1/items',
    )
  })
})
