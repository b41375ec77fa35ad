// The configuration of several tenants, and what would let them be confused.
import { describe, expect, it } from 'vitest'
import { parseTenants } from '../../src/configuration/tenants.ts'
import { newKey } from '../support/dpop-keys.ts'
import { tenantsInput } from './tenants-under-test.ts'

const [shop, bank, news, mail] = tenantsInput.tenants
if (!shop || !bank || !news || !mail) throw new Error('There are four tenants.')

describe('parseTenants', () => {
  it('gives each tenant its configuration, and all of them the server', () => {
    const { server, tenants } = parseTenants({ ...tenantsInput, server: { port: 8080 } })
    expect(server.port).toBe(8080)
    expect(tenants.map(({ host, path }) => [host, path])).toEqual([
      ['api.shop.example', undefined],
      ['api.bank.example', undefined],
      ['api.group.example', '/news'],
      ['api.group.example', '/mail'],
    ])
    for (const { configuration } of tenants) {
      expect(configuration.server.port).toBe(8080)
      expect(configuration.refresh.freshFor).toBe(5)
    }
  })

  it('lets tenants on different hosts have the same cookie names', () => {
    expect(parseTenants({ tenants: [shop, bank] }).tenants).toHaveLength(2)
  })

  it.each([
    ['no tenants', { tenants: [] }, /tenants needs at least one/],
    ['something else than a list', { tenants: shop }, /tenants must be a list/],
    ['a setting beside them', { tenants: [shop], routes: [] }, /routes is not a setting/],
    ['a server of their own', { tenants: [{ ...shop, server: {} }] }, /server is one for all/],
    ['a mistake in the server', { tenants: [shop], server: { port: -1 } }, /^ {2}server\.port/m],
    [
      'a mistake in one of them',
      { tenants: [shop, { ...bank, trustedOrigins: [] }] },
      /tenants\[1\]\.trustedOrigins needs/,
    ],
    [
      'access tokens bound to keys in one of them, and a gateway that forwards requests itself',
      {
        tenants: [shop, { ...bank, client: { ...bank.client, dpopKeys: [newKey.privateJwk] } }],
        server: { forwardAuth: 'nginx', trustedProxies: ['127.0.0.1'] },
      },
      /tenants\[1\]\.client\.dpopKeys cannot be used with server\.forwardAuth/,
    ],
    [
      'a host with a scheme',
      { tenants: [{ ...shop, host: 'https://x' }] },
      /\.host must be a host/,
    ],
    ['a path with a slash', { tenants: [{ ...news, path: '/news/' }] }, /\.path must be a path/],
    [
      'the same host and no path',
      { tenants: [shop, { ...bank, host: 'API.shop.example' }] },
      /tenants\[1\]\.path is no place of its own beside tenants\[0\]/,
    ],
    [
      'a path within another',
      { tenants: [news, { ...mail, path: '/news/mail', agentPath: '/news/mail/a', routes: [] }] },
      /tenants\[1\]\.path is no place/,
    ],
    [
      'an agent outside of its path',
      { tenants: [{ ...news, agentPath: '/oauth-agent' }] },
      /tenants\[0\]\.agentPath must lie below \/news/,
    ],
    [
      'a route outside of its path',
      { tenants: [{ ...news, routes: [{ path: '/mail/api', upstream: 'https://x' }] }] },
      /tenants\[0\]\.routes\[0\]\.path must lie below \/news/,
    ],
    [
      'the same cookie names on one host',
      { tenants: [news, { ...mail, cookies: news.cookies }] },
      /tenants\[1\]\.cookies\.prefix is that of tenants\[0\]/,
    ],
    [
      'cookie names that begin alike on one host',
      {
        tenants: [
          news,
          { ...mail, cookies: { ...mail.cookies, prefix: `${news.cookies.prefix}-mail` } },
        ],
      },
      /tenants\[1\]\.cookies\.prefix/,
    ],
    [
      'prefixes whose bound cookies have one name',
      {
        tenants: [
          { ...news, cookies: { ...news.cookies, prefix: '__Host-Http-x' } },
          { ...mail, cookies: { ...mail.cookies, prefix: '__Host-x' } },
        ],
      },
      /tenants\[1\]\.cookies\.prefix/,
    ],
    [
      'the same cookie names below one domain',
      {
        tenants: [
          { ...shop, cookies: { ...shop.cookies, prefix: 'th', domain: 'example' } },
          { ...bank, cookies: { ...bank.cookies, prefix: 'th' } },
        ],
      },
      /tenants\[1\]\.cookies\.prefix/,
    ],
    [
      'a redirect URI of another authorization server’s tenant',
      {
        tenants: [
          {
            ...shop,
            trustedOrigins: ['https://www.one.example'],
            client: { ...shop.client, redirectUri: 'https://www.one.example/callback' },
          },
          {
            ...bank,
            trustedOrigins: ['https://www.one.example'],
            client: { ...bank.client, redirectUri: 'https://www.one.example/callback?tenant=bank' },
            authorizationServer: { issuer: 'https://other.example' },
          },
        ],
      },
      /tenants\[1\]\.client\.redirectUri is that of tenants\[0\], whose authorization server is another/,
    ],
    [
      'a cookie of another tenant that an API would get',
      {
        tenants: [
          {
            ...news,
            routes: [
              { path: '/news/api', upstream: 'https://x', cookies: [`${mail.cookies.prefix}-at`] },
            ],
          },
          mail,
        ],
      },
      /tenants\[0\]\.routes\[0\]\.cookies lists a cookie of tenants\[1\]/,
    ],
    [
      'the same client',
      { tenants: [shop, { ...bank, client: { ...bank.client, id: 'shop' } }] },
      /tenants\[1\]\.client\.id is the client of tenants\[0\] too/,
    ],
  ])('refuses %s', (_, input, message) => {
    expect(() => parseTenants(input)).toThrow(message)
  })

  it('names a mistake of their server once', () => {
    const input = { server: { port: 'x' }, tenants: [shop, bank] }
    expect(() => parseTenants(input)).toThrow(
      'The configuration has a mistake:\n  server.port must be a number',
    )
  })

  it('names no environment variable, because none sets a tenant', () => {
    expect(() => parseTenants({ tenants: [{ ...shop, client: {} }] })).toThrow(
      /client\.id is missing/,
    )
    expect(() => parseTenants({ tenants: [{ ...shop, client: {} }] })).not.toThrow(/TOKEN_HANDLER/)
  })
})
