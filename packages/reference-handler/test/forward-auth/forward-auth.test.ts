// Decisions for gateways: what each has to say, and what it is answered.
import { describe, expect, it } from 'vitest'
import { parseConfiguration } from '../../src/configuration/parse.ts'
import { createForwardAuth, gatewayNames, gatewayProfiles } from '../../src/forward-auth/index.ts'
import type { GatewayName } from '../../src/forward-auth/index.ts'
import { createOAuthProxy } from '../../src/proxy/oauth-proxy.ts'
import { sealerOf } from '../../src/sealing/configured-sealer.ts'
import { sealProxyCookie } from '../../src/sealing/proxy-cookie.ts'
import { validInput } from '../configuration/valid-configuration.ts'
import { noLog } from '../support/no-log.ts'

const origin = 'https://www.app.example'
const configuration = parseConfiguration({
  ...validInput,
  routes: [{ path: '/api', upstream: 'http://api.internal/v1', webSocket: true }],
})
const proxy = createOAuthProxy(configuration, {
  now: () => 1_000_000,
  fetch: () => Promise.reject(new Error('There is no authorization server.')),
  log: noLog,
})
const cookie = await sealProxyCookie(sealerOf(configuration, {}), {
  accessToken: 'token',
  issuedAt: 1_000_000,
})

/** The headers by which each gateway says method, target and host. */
const said = (name: GatewayName, method: string, target: string): Record<string, string> => {
  if (name === 'envoy' || name === 'nginx-x-accel') return {}
  if (name === 'caddy') return { 'x-forwarded-method': method, 'x-forwarded-uri': target }
  if (name === 'traefik') {
    return {
      'x-forwarded-method': method,
      'x-forwarded-uri': target,
      'x-forwarded-host': 'api.app.example',
    }
  }
  return { 'x-original-method': method, 'x-original-uri': target }
}

interface Change {
  readonly method?: string
  readonly target?: string
  readonly headers?: Readonly<Record<string, string>>
  /** Lines besides. */
  readonly lines?: readonly string[]
}

function ask(
  name: GatewayName,
  { method = 'GET', target = '/api/orders?a=b', headers, lines = [] }: Change = {},
) {
  const isOwn = name === 'envoy' || name === 'nginx-x-accel'
  const all = {
    host: name === 'traefik' ? 'decisions.internal' : 'api.app.example',
    origin,
    cookie: `__Host-Http-th-at=${cookie}`,
    'token-handler-version': '1',
    ...said(name, method, target),
    ...headers,
  }
  return createForwardAuth(proxy, { gateway: name, exposeErrorDetails: false }).authorize({
    method: isOwn ? method : 'GET',
    target: isOwn ? target : '/',
    headers: [...Object.entries(all).flat(), ...lines],
    connection: { address: '192.0.2.1', protocol: 'https' },
  })
}

describe.each(gatewayNames)('%s', (name) => {
  it('gets token, target and route of an allowed request, and what the browser may read', async () => {
    const { status, headers, body } = await ask(name)
    expect([status, body]).toEqual([200, ''])
    expect(headers).toMatchObject({
      authorization: 'Bearer token',
      'token-handler-route': '/api',
      'token-handler-target': '/v1/orders?a=b',
      'x-forwarded-for': '192.0.2.1',
      'x-forwarded-host': 'api.app.example',
      'access-control-allow-origin': origin,
      'cache-control': 'no-store',
      vary: 'Cookie, Origin',
    })
  })

  it.each(['/api/../admin', '/api/%2e%2e/admin', '//api/orders', '/API/orders'])(
    'gets no token for %s',
    async (target) => {
      const { status, headers } = await ask(name, { target })
      expect(status).toBeGreaterThanOrEqual(400)
      expect(headers).not.toHaveProperty('authorization')
    },
  )

  it('gets no token for a request without a session', async () => {
    const { status, headers } = await ask(name, { headers: { cookie: '' } })
    expect(status).toBe(401)
    expect(headers).not.toHaveProperty('authorization')
  })

  it('never takes a preflight for allowed', async () => {
    const preflight = { 'access-control-request-method': 'PUT' }
    const { status, headers } = await ask(name, { method: 'OPTIONS', headers: preflight })
    expect(status).toBe(['nginx', 'caddy', 'traefik'].includes(name) ? 403 : 204)
    expect(headers).not.toHaveProperty('authorization')
  })

  it.each(['true-client-ip', 'X_Auth-Request-User', 'x-forwarded_port'])(
    'leaves no %s of a client in a request that it lets pass',
    async (header) => {
      const { status, headers } = await ask(name, { headers: { [header]: 'forged' } })
      const removed =
        headers['token-handler-remove'] ?? headers['x-envoy-auth-headers-to-remove'] ?? ''
      if (['haproxy', 'apache', 'envoy'].includes(name)) {
        expect(removed.split(', ')).toContain(header.toLowerCase())
      } else if (name === 'caddy' && !header.includes('_')) {
        // Its page removes all of these; a test of the page looks that it does.
        expect(status).toBe(200)
      } else {
        expect(headers).not.toHaveProperty('authorization')
        if (name === 'nginx-x-accel') expect(headers['x-accel-redirect']).toBe('@token_handler')
        else expect(status).toBe(name === 'nginx' ? 403 : 400)
      }
    },
  )

  it('gets a token for a request with a harmless header that has both "_" and "-" in its name', async () => {
    const { status, headers } = await ask(name, { headers: { 'x_my-header': 'a' } })
    expect(status).toBe(200)
    expect(headers['authorization']).toBe('Bearer token')
  })

  it('gets no token for a request that offers to switch protocols, and opens no WebSocket', async () => {
    // What each page makes of an offer before it asks: nothing, except of one that names a WebSocket alone.
    const says = 'upgrade' in gatewayProfiles[name] ? 'x-original-upgrade' : 'upgrade'
    for (const [method, offer] of [
      ['POST', 'websocket'],
      ['GET', 'example/1'],
    ] as const) {
      const { status, headers } = await ask(name, { method, headers: { [says]: offer } })
      expect(headers).not.toHaveProperty('authorization')
      if (name === 'nginx-x-accel') expect(headers['x-accel-redirect']).toBe('@token_handler')
      else expect(status).toBe(name === 'nginx' ? 403 : 400)
    }
  })
})

describe('what is said twice, or not at all,', () => {
  it.each([
    ['a method', 'nginx', ['X-Original-Method', 'POST']],
    ['a target', 'haproxy', ['x-original-uri', '/admin']],
    ['a target', 'caddy', ['X-Forwarded-Uri', '/admin']],
    ['a host', 'traefik', ['X-Forwarded-Host', 'evil.example']],
  ] as const)('is refused: %s, of %s', async (_title, name, lines) => {
    const { status, refusal } = await ask(name, { lines })
    expect(status).toBe(name === 'nginx' ? 403 : 400)
    expect(refusal?.reason).toContain('said it 2 times')
  })

  it('is refused: a request without a target', async () => {
    const { authorize } = createForwardAuth(proxy, { gateway: 'caddy', exposeErrorDetails: true })
    const answer = await authorize({
      method: 'GET',
      target: '/api/orders',
      headers: ['host', 'api.app.example', 'cookie', `__Host-Http-th-at=${cookie}`],
      connection: { protocol: 'https' },
    })
    expect([answer.status, answer.body]).toEqual([
      400,
      expect.stringContaining('x-forwarded-method once'),
    ])
  })
})

it('a WebSocket is one by what the gateway says of Upgrade, and not by its own', async () => {
  const lines = ['sec-websocket-key', 'a']
  const upgrade = { 'x-original-upgrade': 'websocket', connection: 'close' }
  const withoutVersion = { 'token-handler-version': '' }
  expect((await ask('nginx', { headers: { ...upgrade, ...withoutVersion }, lines })).status).toBe(
    200,
  )
  const own = { upgrade: 'websocket', connection: 'upgrade', 'token-handler-version': '' }
  expect((await ask('nginx', { headers: own, lines })).status).toBe(403)
})

it('Caddy is told what is empty, because it would make something up', async () => {
  const { headers } = await ask('caddy', { headers: { origin: 'https://other.example' } })
  expect(headers['cookie'] ?? headers['authorization']).toBeUndefined()
  const { headers: allowed } = await ask('caddy')
  expect(allowed['cookie']).toBe('')
})

it('Traefik hears which header it cannot remove, where details are shown', async () => {
  const { refusal } = await ask('traefik', { headers: { 'true-client-ip': 'forged' } })
  expect(refusal?.reason).toBe('The gateway cannot remove true-client-ip.')
})
