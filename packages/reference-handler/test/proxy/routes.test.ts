// Which route takes a path, and where it leads.
import { describe, expect, it } from 'vitest'
import { parseConfiguration } from '../../src/configuration/parse.ts'
import { createRouter } from '../../src/proxy/routes.ts'
import { validInput } from '../configuration/valid-configuration.ts'

const { routes } = parseConfiguration({
  ...validInput,
  routes: [
    { path: '/api', upstream: 'http://api.internal:8080' },
    { path: '/api/admin', upstream: 'https://admin.internal/base/', methods: ['GET'] },
    { path: '/files', upstream: 'http://files.internal/v1' },
  ],
})
const find = (path: string) => createRouter(routes)(path, decodeURIComponent(path))

describe('createRouter', () => {
  it.each([
    ['/api', 'http://api.internal:8080', '/'],
    ['/api/', 'http://api.internal:8080', '/'],
    ['/api/orders/7', 'http://api.internal:8080', '/orders/7'],
    ['/api/a%20b/', 'http://api.internal:8080', '/a%20b/'],
    ['/api/administrators', 'http://api.internal:8080', '/administrators'],
    ['/api/admin', 'https://admin.internal', '/base'],
    ['/api/admin/users', 'https://admin.internal', '/base/users'],
    ['/files/x', 'http://files.internal', '/v1/x'],
  ])('sends %s to %s%s', (path, origin, upstreamPath) => {
    expect(find(path)).toMatchObject({ origin, path: upstreamPath })
  })

  it.each(['/', '/apis', '/ap', '/API', '/oauth-agent/session', '/x/api'])(
    'has no route for %s',
    (path) => {
      expect(find(path)).toBeUndefined()
    },
  )

  it.each(['/api/admin;a=b/users', '/api/admin%3Ba/users', '/api;a=b/admin;/users'])(
    'does not let path parameters choose the more lenient route: %s',
    (path) => {
      expect(find(path)).toMatchObject({ route: { methods: ['GET'] }, path: '/base/users' })
    },
  )

  it('does not let an encoded letter choose the more lenient route', () => {
    expect(find('/api/%61dmin/users')).toMatchObject({
      route: { methods: ['GET'] },
      path: '/base/users',
    })
  })
})
