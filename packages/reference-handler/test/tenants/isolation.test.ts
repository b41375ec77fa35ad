// Cookies of one tenant at every other: none is of any use.
import { describe, expect, it } from 'vitest'
import { createResidents } from './tenants-under-test.ts'
import type { TenantCookieRole } from './tenants-under-test.ts'

const { handlers, residents, server } = await createResidents()
const pairs = residents.flatMap((owner) =>
  residents.map((host) => [owner.name, host.name, owner, host] as const),
)
const own = pairs.filter(([owner, host]) => owner === host)
const swapped = pairs.filter(([owner, host]) => owner !== host)
const roles: readonly TenantCookieRole[] = ['proxy', 'session', 'login']

describe.each(own)('the cookies of %s at %s', (_owner, _host, owner) => {
  it('are good', async () => {
    const cookie = (role: TenantCookieRole) => `${owner.cookieName(role)}=${owner.cookies[role]}`
    expect(await owner.call(cookie('proxy'))).toMatchObject({
      kind: 'forward',
      origin: `https://${owner.name}.internal`,
    })
    const [, session] = await owner.ask('/session', cookie('session'))
    expect(session).toMatchObject({ is_logged_in: true, id_token_claims: { sub: 'alice' } })
    server.calls.token = 0
    await owner.ask('/login/end', cookie('login'), owner.callback)
    expect(server.calls.token, 'the code was exchanged').toBe(1)
  })
})

describe.each(swapped)('the cookies of %s at %s', (_owner, _host, owner, host) => {
  it.each(roles)('open nothing in the place of its %s cookie, under either name', async (role) => {
    server.calls.token = 0
    for (const name of [host.cookieName(role), owner.cookieName(role)]) {
      for (const value of Object.values(owner.cookies)) {
        const cookie = `${name}=${value}`
        expect(await host.call(cookie)).toMatchObject({ kind: 'refuse', code: 'unauthorized' })
        expect(await host.ask('/session', cookie)).toEqual([200, { is_logged_in: false }])
        expect(await host.ask('/refresh', cookie)).toEqual([401, { error_code: 'session_expired' }])
      }
    }
    const suffix = owner.cookieName('login').slice(-17)
    for (const name of [
      host.cookieName('login').slice(0, -17) + suffix,
      owner.cookieName('login'),
    ]) {
      for (const value of Object.values(owner.cookies)) {
        expect(await host.ask('/login/end', `${name}=${value}`, owner.callback)).toEqual([
          400,
          { error_code: 'invalid_request' },
        ])
      }
    }
    expect(server.calls.token, 'nothing was exchanged').toBe(0)
  })

  it('are nothing to its origin, nor its origin to them', async () => {
    const all = roles.map((role) => `${owner.cookieName(role)}=${owner.cookies[role]}`).join('; ')
    const headers = {
      host: new URL(owner.agentUrl).host,
      cookie: all,
      origin: `https://www.${host.name}.example`,
      'token-handler-version': '1',
    }
    const response = await handlers.agent(new Request(`${owner.agentUrl}/session`, { headers }))
    expect(response.status).toBe(403)
    expect(response.headers.get('access-control-allow-origin')).toBeNull()
  })
})

it('a host or path that is nobody’s is answered for nobody', async () => {
  const ask = (url: string, host = new URL(url).host) =>
    handlers.agent(new Request(url, { headers: { host, origin: 'https://www.shop.example' } }))
  for (const url of [
    'https://api.other.example/oauth-agent/session',
    'https://api.group.example/oauth-agent/session',
    'https://api.group.example/newsletter/oauth-agent/session',
  ]) {
    const response = await ask(url)
    expect(response.status).toBe(404)
    expect(response.headers.get('access-control-allow-origin')).toBeNull()
  }
  const decision = await handlers.proxy.authorize({
    method: 'GET',
    target: '/api/orders',
    headers: ['Host', 'api.other.example'],
    connection: { protocol: 'https' },
  })
  expect(decision).toMatchObject({ kind: 'refuse', code: 'not_found', headers: {} })
})
