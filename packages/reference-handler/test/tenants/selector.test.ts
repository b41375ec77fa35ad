// Which tenant a request belongs to.
import { describe, expect, it } from 'vitest'
import { findHeader } from '../../src/tenants/find-header.ts'
import { createTenantSelector } from '../../src/tenants/tenant-selector.ts'

const select = createTenantSelector([
  { name: 'shop', host: 'api.shop.example' },
  { name: 'news', host: 'api.group.example', path: '/news' },
  { name: 'mail', host: 'API.group.example', path: '/mail' },
  { name: 'any', path: '/any' },
])

describe('the selector', () => {
  it.each([
    ['api.shop.example', '/oauth-agent/session', 'shop'],
    ['API.SHOP.EXAMPLE:3000', '/', 'shop'],
    ['api.group.example', '/news', 'news'],
    ['api.group.example', '/news?x=/mail/', 'news'],
    ['api.group.example:443', '/mail/api', 'mail'],
    ['api.group.example', '/newsletter', undefined],
    ['api.group.example', '/News/api', undefined],
    ['api.group.example', '/%6eews/api', undefined],
    ['api.group.example', '/', undefined],
    ['api.group.example', '/any/api', undefined],
    ['api.shop.example.evil.example', '/', undefined],
    ['evil.example', '/any/api', 'any'],
    ['evil.example', '/', undefined],
    [undefined, '/any/api', 'any'],
    ['', '/news', undefined],
  ])('finds for host %s and target %s the tenant %s', (host, target, name) => {
    expect(select(host, target)?.name).toBe(name)
  })
})

describe('a header', () => {
  it('is found whatever its case, when there is one of it', () => {
    expect(findHeader(['Accept', 'x', 'HOST', 'a'], 'host')).toBe('a')
    expect(findHeader(['Accept', 'host'], 'host')).toBeUndefined()
    expect(findHeader(['Host', 'a', 'host', 'b'], 'host')).toBeUndefined()
  })
})
