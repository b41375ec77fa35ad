// nginx does not start with settings or keys that are wrong, says what to do, and tells nothing that is secret.
import { readFile } from 'node:fs/promises'
import { describe, expect, it, onTestFinished } from 'vitest'
import { parseConfiguration } from '../../../packages/reference-handler/src/configuration/parse.ts'
import { validInput } from '../../../packages/reference-handler/test/configuration/valid-configuration.ts'
import { findFreePorts } from '../../../two-users/src/ports.ts'
import { filesOf } from '../src/gateway.ts'
import { startNginx } from '../src/nginx.ts'
import { isPluginMissing } from '../src/programs.ts'

const route = { path: '/api', upstream: 'http://127.0.0.1:1' }
const configuration = parseConfiguration({ ...validInput, routes: [route] })
const { settings, keys } = filesOf(configuration)
const [key] = keys.tenants[0]?.keys ?? []
const secret = key?.key ?? ''

async function start(files: { readonly settings?: unknown; readonly keys?: unknown }) {
  const ports = await findFreePorts(1)
  const http = `server {
    listen 127.0.0.1:${ports[0]};
    include token-handler/server.conf;
    location / { include token-handler/proxy.conf; }
  }`
  const nginx = await startNginx({ settings, keys, ...files, http, ports })
  onTestFinished(nginx.stop)
  return nginx
}

const withRoute = (more: object) => ({ ...settings, routes: [{ ...route, ...more }] })
const withKey = (more: object) => ({ tenants: [{ keys: [{ ...key, ...more }] }] })

describe.skipIf(isPluginMissing())('nginx with the plugin', () => {
  it.each([
    ['settings that are no JSON', '{"routes": [', /token-handler\.json is no JSON, at byte 13/],
    ['JSON with something behind it', '{} {}', /is no JSON, at byte 4/],
    ['a list', [], /trustedOrigins needs the origin of the SPA/],
    ['a member that is none', { ...settings, secrets: ['a'] }, /settings\.secrets is no setting/],
    ['no origin', { ...settings, trustedOrigins: [] }, /trustedOrigins needs the origin/],
    ['a wildcard', { ...settings, trustedOrigins: ['https://*.example'] }, /must be exact origins/],
    [
      'an origin with a path',
      { ...settings, trustedOrigins: ['https://a.example/'] },
      /must be exact origins/,
    ],
    ['no route', { ...settings, routes: [] }, /routes needs at least one route/],
    [
      'a path with a slash at its end',
      withRoute({ path: '/api/' }),
      /routes\[0\]\.path must be a path/,
    ],
    ['a path with dots', withRoute({ path: '/api/..' }), /routes\[0\]\.path must be a path/],
    [
      'an upstream with a query',
      withRoute({ upstream: 'http://a/?b' }),
      /routes\[0\]\.upstream must be a URL/,
    ],
    [
      'an upstream with a user',
      withRoute({ upstream: 'http://a:b@c' }),
      /routes\[0\]\.upstream must be a URL/,
    ],
    ['https that nobody verifies', withRoute({ upstream: 'https://a' }), /upstream_tls_verified/],
    ['TRACE', withRoute({ methods: ['TRACE'] }), /methods cannot have TRACE/],
    ['a flag that is text', withRoute({ webSocket: 'yes' }), /webSocket must be true or false/],
    ['a location without @', withRoute({ location: 'slow' }), /location must be a named location/],
    [
      'one path twice',
      { ...settings, routes: [route, route] },
      /routes\[1\]\.path is the path of another route/,
    ],
    [
      'a prefix with a space',
      { ...settings, cookies: { prefix: 'a b' } },
      /cookies\.prefix may have letters/,
    ],
  ])('does not start with %s', async (_title, wrong, message) => {
    await expect(start({ settings: wrong })).rejects.toThrow(message)
  })

  it.each([
    ['that is no JSON', `{"tenants": ${secret}`, /token-handler-keys\.json is no JSON/],
    ['without tenants', {}, /the key file lists no tenants/],
    ['without keys', { tenants: [{ keys: [] }] }, /has a tenant without keys/],
    ['with a key that is too short', withKey({ key: secret.slice(1) }), /has not 32 bytes/],
    [
      'with a key in another alphabet',
      withKey({ key: `${secret.slice(0, -2)}+/` }),
      /has not 32 bytes/,
    ],
    ['with a key of another role', withKey({ role: 'session' }), /not for proxy cookies/],
    ['with a key id of another length', withKey({ kid: 'a' }), /key id of six characters/],
    [
      'of another tenant',
      { tenants: [{ ...keys.tenants[0], host: 'a.example' }] },
      /no keys for the tenant/,
    ],
  ])(
    'does not start with a key file %s, and tells nothing of it',
    async (_title, wrong, message) => {
      const failure = await start({ keys: wrong }).catch((error: unknown) => error)
      expect(String(failure)).toMatch(message)
      expect(String(failure)).not.toContain(secret.slice(1, 20))
    },
  )

  it('goes on as before when what a reload reads is wrong', async () => {
    const nginx = await start({})
    const before = nginx.workers()
    await nginx.breakReload({ keys: '{' }, 'is no JSON')
    expect(nginx.workers()).toEqual(before)
  })

  it('is checked by nginx -t', async () => {
    const nginx = await start({})
    expect(await nginx.test()).toMatch(/test is successful/)
    expect(await readFile(`${nginx.folder}/errors`, 'utf8')).not.toContain('[error]')
  })
})
