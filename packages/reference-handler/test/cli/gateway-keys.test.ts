// `token-handler keys` and `token-handler gateway`: what a gateway is told, and what it is not.
import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { run } from '../../src/cli/run.ts'
import { parseConfiguration } from '../../src/configuration/parse.ts'
import { sealerOf } from '../../src/sealing/configured-sealer.ts'
import { validInput } from '../configuration/valid-configuration.ts'
import { openWith } from '../gateway/gateway-client.ts'
import { newKey } from '../support/dpop-keys.ts'

const secrets = [
  'the newest secret, with enough randomness',
  'an older secret, with enough randomness',
]
const input = {
  ...validInput,
  cookies: { secrets },
  routes: [
    { path: '/api', upstream: 'http://orders.internal:8080/v1' },
    { path: '/live', upstream: 'http://live.internal', methods: ['GET'], webSocket: true },
    { path: '/events', upstream: 'http://live.internal', eventSource: true, audience: 'events' },
  ],
}

let folder: string
const print = vi.spyOn(console, 'log').mockImplementation(() => {})
const printError = vi.spyOn(console, 'error').mockImplementation(() => {})
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'token-handler-keys-'))
})
afterEach(async () => {
  vi.clearAllMocks()
  await rm(folder, { recursive: true })
})

/** Runs a command with a configuration file. */
async function runWith(configuration: unknown, command: string, ...more: readonly string[]) {
  const file = join(folder, 'handler.json')
  await writeFile(file, JSON.stringify(configuration))
  return run([command, '--config', file, ...more], {})
}
const printed = () => JSON.parse(String(print.mock.lastCall))

describe('token-handler keys', () => {
  it('prints a key that opens proxy cookies, for each secret, newest first', async () => {
    expect(await runWith(input, 'keys')).toBe(0)
    const [{ keys }] = printed().tenants
    expect(keys).toHaveLength(2)
    for (const [index, secret] of secrets.entries()) {
      const configuration = parseConfiguration({ ...input, cookies: { secrets: [secret] } })
      const sealed = await sealerOf(configuration, {}).seal('proxy', ['token', 1, null])
      const header = JSON.parse(Buffer.from(sealed.split('.')[0] ?? '', 'base64url').toString())
      expect(keys[index]).toEqual({
        role: 'proxy',
        kid: header.kid,
        key: expect.stringMatching(/^[\w-]{43}$/),
      })
      expect(openWith(keys[index].key, sealed)).toEqual(['token', 1, null])
    }
  })

  it.each(['session', 'login'] as const)('prints no key that opens %s cookies', async (role) => {
    await runWith(input, 'keys')
    const sealed = await sealerOf(parseConfiguration(input), {}).seal(role, ['secret'])
    for (const { key } of printed().tenants[0].keys) {
      expect(() => openWith(key, sealed)).toThrow('unable to authenticate')
    }
  })

  it('prints keys for the handler where a gateway has to ask it, one for each secret', async () => {
    await runWith({ ...input, introspection: { enabled: true } }, 'keys')
    const [{ handler }] = printed().tenants
    const text = expect.stringMatching(/^[\w-]{43}$/)
    const key = { kid: expect.stringMatching(/^[\w-]{6}$/), key: text, credential: text }
    expect(handler).toEqual([key, key])
  })

  it('prints no secret, and nothing of the client', async () => {
    await runWith(input, 'keys')
    const text = String(print.mock.lastCall)
    for (const hidden of [...secrets, input.client.secret, input.client.id, 'issuer', 'secret']) {
      expect(text).not.toContain(hidden)
    }
    expect(Object.keys(printed())).toEqual(['tenants'])
    expect(Object.keys(printed().tenants[0])).toEqual(['keys'])
  })

  it('prints the keys of each tenant beside its host and path, and no two alike', async () => {
    const { client } = input
    const tenants = [
      { ...input, host: 'shop.example', path: '/shop', routes: [] },
      { ...input, host: 'bank.example', client: { ...client, id: 'bank' }, routes: [] },
    ].map((tenant) => ({
      agentPath: `${'path' in tenant ? tenant.path : ''}/oauth-agent`,
      ...tenant,
    }))
    expect(await runWith({ tenants }, 'keys')).toBe(0)
    const [shop, bank] = printed().tenants
    expect(shop).toMatchObject({ host: 'shop.example', path: '/shop' })
    expect(bank).toMatchObject({ host: 'bank.example' })
    const keys = [...shop.keys, ...bank.keys].flatMap(({ kid, key }) => [kid, key])
    expect(new Set(keys).size).toBe(8)
  })

  it('writes a file that only its owner can read, in place of one that all could read', async () => {
    const out = join(folder, 'keys.json')
    await writeFile(out, 'old')
    await chmod(out, 0o644)
    expect(await runWith(input, 'keys', '--out', out)).toBe(0)
    expect((await stat(out)).mode & 0o777).toBe(0o600)
    expect(JSON.parse(await readFile(out, 'utf8')).tenants[0].keys).toHaveLength(2)
    expect(print).not.toHaveBeenCalled()
    expect(await readdir(folder)).toEqual(['handler.json', 'keys.json'])
  })

  it('says which file it cannot write, and leaves nothing behind', async () => {
    expect(await runWith(input, 'keys', '--out', join(folder, 'none', 'keys.json'))).toBe(1)
    expect(String(printError.mock.lastCall)).toMatch(/keys\.json.*--out/)
    expect(await readdir(folder)).toEqual(['handler.json'])
  })

  it.each([['--port', '1'], ['more']])('does not take %s', async (...more) => {
    expect(await runWith(input, 'keys', ...more)).toBe(1)
    expect(String(printError.mock.lastCall)).toContain('Usage')
    expect(print).not.toHaveBeenCalled()
  })

  it('names the mistakes of a configuration, and prints no key of it', async () => {
    expect(await runWith({ ...input, trustedOrigins: [] }, 'keys')).toBe(1)
    expect(String(printError.mock.lastCall)).toContain('trustedOrigins')
    expect(print).not.toHaveBeenCalled()
  })
})

describe.each(['keys', 'gateway'])('token-handler %s', (command) => {
  const dpopKeys = [newKey.privateJwk]

  it('refuses access tokens that are bound to keys, which no gateway has', async () => {
    const client = { ...input.client, dpopKeys }
    expect(await runWith({ ...input, client }, command)).toBe(1)
    expect(String(printError.mock.lastCall)).toMatch(
      /client\.dpopKeys \(TOKEN_HANDLER_DPOP_KEYS\) .*inside nginx.*no proofs of possession \(DPoP\)/,
    )
    expect(String(printError.mock.lastCall)).not.toContain(newKey.privateJwk.d)
    expect(print).not.toHaveBeenCalled()
  })

  it('refuses the profile fapi-2.0, whose access tokens are bound to a certificate otherwise', async () => {
    const tls = { certificateFile: '/run/tls.crt', keyFile: '/run/tls.key' }
    const { secret: _, ...client } = input.client
    const bound = {
      ...input,
      profile: 'fapi-2.0',
      authorizationServer: { ...input.authorizationServer, ...tls },
      client: { ...client, authentication: 'tls_client_auth', pushedAuthorizationRequests: true },
      routes: [{ path: '/api', upstream: 'https://orders.internal', tls }],
    }
    expect(await runWith(bound, command)).toBe(1)
    expect(String(printError.mock.lastCall)).toMatch(
      /profile \(TOKEN_HANDLER_PROFILE\) .*inside nginx.*certificate/,
    )
    expect(print).not.toHaveBeenCalled()
  })

  it('says which tenant they are of', async () => {
    const tenants = [
      { ...input, host: 'one.example' },
      { ...input, host: 'two.example', client: { ...input.client, id: 'two', dpopKeys } },
    ]
    expect(await runWith({ tenants }, command)).toBe(1)
    expect(String(printError.mock.lastCall)).toContain('tenants[1].client.dpopKeys ')
    expect(print).not.toHaveBeenCalled()
  })
})

describe('token-handler gateway', () => {
  it('prints what a gateway has to know, and leaves out what is as by default', async () => {
    expect(await runWith(input, 'gateway')).toBe(0)
    expect(printed()).toEqual({
      trustedOrigins: ['https://www.app.example'],
      cookies: { prefix: '__Host-Http-th' },
      routes: input.routes,
    })
  })

  it('says what a gateway has to ask the handler, and where', async () => {
    await runWith({ ...input, introspection: { enabled: true } }, 'gateway')
    expect(printed()).toMatchObject({ agentPath: '/oauth-agent', opaqueTokens: true })
    await runWith({ ...input, redis: { url: 'redis://localhost' } }, 'gateway')
    expect(printed()).toMatchObject({ agentPath: '/oauth-agent', endedSessions: true })
    const session = { store: 'redis', idleTimeout: 3600 }
    await runWith({ ...input, redis: { url: 'redis://localhost' }, session }, 'gateway')
    expect(printed()).toMatchObject({ endedSessions: true, storedSessions: true })
  })

  it('prints what a route may do without, and what it lets through', async () => {
    const route = { path: '/api', upstream: 'http://api.internal', session: 'optional' }
    const routes = [{ ...route, preserveHost: true, cookies: ['AWSALB'] }]
    await runWith({ ...input, routes, server: { traceContext: 'drop' } }, 'gateway')
    expect(printed()).toMatchObject({ routes, traceContext: 'drop' })
  })

  it('prints no secret', async () => {
    await runWith(input, 'gateway')
    const text = String(print.mock.lastCall)
    for (const hidden of [...secrets, input.client.secret]) expect(text).not.toContain(hidden)
  })

  it('refuses what the proxy inside nginx does not do: exchange', async () => {
    const exchange = { audience: 'orders' }
    const routes = [{ path: '/api', upstream: 'http://api.internal', exchange }]
    expect(await runWith({ ...input, routes }, 'gateway')).toBe(1)
    expect(String(printError.mock.lastCall)).toContain('routes[0].exchange is not known')
  })

  it('refuses what is said in nginx itself, and says where: tls', async () => {
    const tls = { caFile: '/etc/ca.pem' }
    const routes = [{ path: '/api', upstream: 'https://api.internal', tls }]
    expect(await runWith({ ...input, routes }, 'gateway')).toBe(1)
    const message = String(printError.mock.lastCall)
    expect(message).toContain('routes[0].tls')
    expect(message).toContain('proxy_ssl_trusted_certificate')
  })
})
