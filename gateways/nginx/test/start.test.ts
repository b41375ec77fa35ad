// nginx does not start with settings or keys that are wrong, says what to do, and tells nothing that is secret.
import { readFile } from 'node:fs/promises'
import { describe, expect, it, onTestFinished } from 'vitest'
import { parseConfiguration } from '../../../packages/reference-handler/src/configuration/parse.ts'
import { sealerOf } from '../../../packages/reference-handler/src/sealing/configured-sealer.ts'
import { requestText, sendRaw } from '../../../packages/reference-handler/test/hosts/raw-http.ts'
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
const handlerKeys = [{ kid: 'aaaaaa', key: secret, credential: secret }]

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
      'a session that is neither',
      withRoute({ session: 'none' }),
      /routes\[0\]\.session must be one of required optional/,
    ],
    [
      'a cookie with a space',
      withRoute({ cookies: ['a b'] }),
      /routes\[0\]\.cookies must be names/,
    ],
    ['a setting of the handler', withRoute({ tls: {} }), /routes\[0\]\.tls is no setting/],
    [
      'ended sessions, and no handler',
      { ...settings, endedSessions: true, agentPath: '/oauth-agent' },
      /the settings need the handler: say handler =/,
    ],
    [
      'opaque tokens, and no path to ask at',
      { ...settings, opaqueTokens: true },
      /agentPath is missing/,
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
      'with a credential that is none',
      { tenants: [{ ...keys.tenants[0], handler: [{ ...handlerKeys[0], credential: 'a' }] }] },
      /credential for the handler that has not 32 bytes/,
    ],
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

  it.each([
    ['without lua_shared_dict', '', /"lua_shared_dict token_handler_ended 10m;" is missing/],
    [
      'with a handler that is no address',
      'handler = "http://handler/path",',
      /handler must be scheme, address and port/,
    ],
    ['with keys that cannot ask', 'handler = "http://127.0.0.1:1",', /has no keys for the handler/],
  ])('does not start %s, where settings need the handler', async (title, option, message) => {
    const ports = await findFreePorts(1)
    const asking = { ...settings, endedSessions: true, agentPath: '/oauth-agent' }
    const withHandler = { tenants: [{ ...keys.tenants[0], handler: handlerKeys }] }
    const http = (folder: string) => `
      ${title.includes('shared') ? '' : 'lua_shared_dict token_handler_ended 1m;'}
      lua_package_path "${folder}/token-handler/lib/?.lua;;";
      init_by_lua_block {
        require("token_handler").load {
          settings = "${folder}/token-handler.json", keys = "${folder}/token-handler-keys.json",
          ${option === '' ? 'handler = "http://127.0.0.1:1",' : option}
        }
      }`
    const starting = startNginx({
      settings: asking,
      keys: title.includes('cannot ask') ? keys : withHandler,
      loads: false,
      http,
      ports,
    })
    await expect(starting).rejects.toThrow(message)
  })

  it('answers nothing with sessions that can be ended, and says so, when it was not told to follow them', async () => {
    const ports = await findFreePorts(1)
    const configured = {
      ...configuration,
      redis: { ...configuration.redis, url: 'redis://unused' },
    }
    const nginx = await startNginx({
      ...filesOf(configured),
      loads: false,
      ports,
      http: (folder) => `
      lua_shared_dict token_handler_ended 1m;
      lua_package_path "${folder}/token-handler/lib/?.lua;;";
      init_by_lua_block {
        require("token_handler").load {
          settings = "${folder}/token-handler.json", keys = "${folder}/token-handler-keys.json",
          handler = "http://127.0.0.1:1",
        }
      }
      server {
        listen 127.0.0.1:${ports[0]};
        include token-handler/server.conf;
        location / { include token-handler/proxy.conf; }
      }`,
    })
    onTestFinished(nginx.stop)
    const sealed = await sealerOf(configured, {}).seal('proxy', ['t', 1, null, 1, 'a-mark'])
    const lines = ['Host: a', 'Token-Handler-Version: 1', `Cookie: __Host-Http-th-at=${sealed}`]
    const text = requestText('GET', '/api', [...lines, 'Connection: close'])
    const answer = await sendRaw(ports[0] ?? 0, text)
    expect([answer.status, answer.body]).toEqual([500, '{"error_code":"server_error"}'])
    expect(nginx.errorLog()).toContain('init_worker_by_lua_block')
  })

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
