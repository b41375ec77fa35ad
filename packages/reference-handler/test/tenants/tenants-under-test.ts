// Four tenants that share everything they may share, the cookie secret too: two by their hosts, two by
// their paths on one more host.
import type { CookieRole } from '@token-handler/contract'
import { cookieName } from '@token-handler/contract'
import { loginCookieName } from '../../src/agent/login-cookies.ts'
import { sealSession } from '../../src/agent/session-cookie.ts'
import type { Tenant } from '../../src/configuration/tenant.ts'
import { parseTenants } from '../../src/configuration/tenants.ts'
import { sealerOf } from '../../src/sealing/configured-sealer.ts'
import { sealProxyCookie } from '../../src/sealing/proxy-cookie.ts'
import { createTenants } from '../../src/tenants/tenant-handlers.ts'
import { createTestAuthorizationServer } from '../support/authorization-server.ts'
import { issuer } from '../support/provider.ts'

interface Place {
  readonly name: string
  readonly host: string
  readonly path?: string
  readonly prefix?: string
}

const places: readonly Place[] = [
  { name: 'shop', host: 'api.shop.example' },
  { name: 'bank', host: 'api.bank.example' },
  { name: 'news', host: 'api.group.example', path: '/news', prefix: '__Host-Http-news' },
  { name: 'mail', host: 'api.group.example', path: '/mail', prefix: '__Host-Http-mail' },
]

export const tenantsInput = {
  tenants: places.map(({ name, host, path = '', prefix = '__Host-Http-th' }) => ({
    host,
    ...(path !== '' && { path }),
    authorizationServer: { issuer },
    client: {
      id: name,
      secret: 'the same for all',
      redirectUri: `https://www.${name}.example/callback`,
    },
    cookies: { secrets: ['the same secret for all tenants, sadly'], prefix },
    trustedOrigins: [`https://www.${name}.example`],
    agentPath: `${path}/oauth-agent`,
    routes: [{ path: `${path}/api`, upstream: `https://${name}.internal` }],
  })),
}

const now = Date.UTC(2026, 0, 1)

/** The roles of cookies that every tenant has. */
export type TenantCookieRole = Exclude<CookieRole, 'bound'>

/** One tenant, with good cookies of its own, and a way to send requests to it. */
interface Resident {
  readonly name: string
  readonly cookies: Readonly<Record<TenantCookieRole, string>>
  /** Where its agent is. */
  readonly agentUrl: string
  /** The query of a callback that belongs to its login cookie. */
  readonly callback: string
  readonly cookieName: (role: TenantCookieRole) => string
  /** Asks the agent; resolves with status and body. */
  readonly ask: (path: string, cookie: string, form?: string) => Promise<[number, unknown]>
  /** Asks the proxy; resolves with its decision. */
  readonly call: (cookie: string) => Promise<unknown>
}

export async function createResidents() {
  const server = await createTestAuthorizationServer({ now: () => now })
  const log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} }
  const { tenants } = parseTenants(tenantsInput)
  const handlers = createTenants(tenants, { fetch: server.fetch, now: () => now, log })

  async function createResident(tenant: Tenant): Promise<Resident> {
    const { host = '', path = '', configuration } = tenant
    const sealer = sealerOf(configuration, {})
    const [origin = ''] = configuration.trustedOrigins
    const head = { host, origin, 'token-handler-version': '1' }
    const agentUrl = `https://${host}${configuration.agentPath}`
    const { prefix } = configuration.cookies

    async function ask(operation: string, cookie: string, form?: string) {
      const method = operation === '/session' ? 'GET' : 'POST'
      const type = 'application/x-www-form-urlencoded'
      const headers = { ...head, cookie, ...(form !== undefined && { 'content-type': type }) }
      const body = form === undefined ? {} : { body: form }
      const response = await handlers.agent(
        new Request(agentUrl + operation, { method, headers, ...body }),
      )
      const json = (await response.json()) as Record<string, unknown>
      return { status: response.status, json, setCookies: response.headers.getSetCookie() }
    }

    const started = await ask('/login/start', '')
    const login = started.setCookies[0]?.split(';')[0] ?? ''
    const callback = server.authenticate(String(started.json['authorization_url']))
    const loginName = await loginCookieName(prefix, callback.get('state') ?? '')
    const times = { issuedAt: now, expiresAt: now + 300_000 }
    const session = { refreshToken: 'r', claims: { sub: 'alice' }, startedAt: now, issuedAt: now }
    return {
      name: configuration.client.id,
      cookies: {
        proxy: await sealProxyCookie(sealer, { accessToken: 'a', ...times }),
        session: await sealSession(sealer, session),
        login: login.slice(login.indexOf('=') + 1),
      },
      agentUrl,
      callback: callback.toString(),
      cookieName: (role) => (role === 'login' ? loginName : cookieName(prefix, role)),
      async ask(operation, cookie, form) {
        const { status, json } = await ask(operation, cookie, form)
        return [status, json]
      },
      call: (cookie) =>
        handlers.proxy.authorize({
          method: 'GET',
          target: `${path}/api/orders`,
          headers: Object.entries({ ...head, cookie }).flat(),
          connection: { protocol: 'https' },
        }),
    }
  }

  const residents: Resident[] = []
  for (const tenant of tenants) residents.push(await createResident(tenant))
  return { handlers, residents, server }
}
