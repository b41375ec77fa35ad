// `token-handler worker`: what is checked before a worker is deployed, and what goes into its bundle.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { run } from '../../src/cli/run.ts'
import { validInput } from '../configuration/valid-configuration.ts'
import { newKey } from '../support/dpop-keys.ts'

const { secret: _, ...client } = validInput.client
const { cookies: _cookies, ...rest } = validInput
const settings = { ...rest, client, routes: [{ path: '/api', upstream: 'https://api.example' }] }

let folder: string
const print = vi.spyOn(console, 'log').mockImplementation(() => {})
const printError = vi.spyOn(console, 'error').mockImplementation(() => {})
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'token-handler-worker-'))
})
afterEach(async () => {
  vi.clearAllMocks()
  await rm(folder, { recursive: true })
})

async function check(configuration: unknown, ...more: readonly string[]): Promise<number> {
  const file = join(folder, 'token-handler.json')
  await writeFile(file, JSON.stringify(configuration))
  return run(['worker', '--config', file, ...more], {})
}

it('writes the configuration with its defaults, without being told a secret', async () => {
  const out = join(folder, 'configuration.json')
  expect(await check(settings, '--out', out)).toBe(0)
  const { checked, configuration, relaxations } = JSON.parse(await readFile(out, 'utf8'))
  expect([checked, relaxations]).toEqual([1, []])
  expect(configuration).toMatchObject({
    agentPath: '/oauth-agent',
    trustedOrigins: settings.trustedOrigins,
  })
  expect(configuration.client).not.toHaveProperty('secret')
  expect(configuration.cookies).not.toHaveProperty('secrets')
})

it('writes no secret that is in the file', async () => {
  expect(await check(validInput)).toBe(0)
  expect(String(print.mock.lastCall)).not.toContain(validInput.client.secret)
  expect(String(print.mock.lastCall)).not.toContain(validInput.cookies.secrets[0])
})

it('says which secrets in the file are of no use, and no value of them', async () => {
  expect(await check({ ...validInput, redis: { password: 'the password' } })).toBe(0)
  expect(printError.mock.calls).toEqual([
    ['client.secret is in the file and not needed there; remove it'],
    ['cookies.secrets is in the file and not needed there; remove it'],
    ['redis.password is in the file and not needed there; remove it'],
  ])
  expect(String(print.mock.lastCall)).not.toContain('the password')
})

it('says nothing of secrets that are not in the file', async () => {
  expect(await check(settings)).toBe(0)
  expect(printError).not.toHaveBeenCalled()
})

it('names settings and no variables, because it reads none', async () => {
  const route = { path: '/api', upstream: 'https://api.example', preserveHost: true }
  expect(await check({ ...settings, trustedOrigins: ['*'] })).toBe(1)
  expect(await check({ ...settings, routes: [route], redis: { url: 'redis://r' } })).toBe(1)
  expect(await check({})).toBe(1)
  const said = printError.mock.calls.join('\n')
  expect(said).toContain('redis.url names a store')
  expect(said).toContain('authorizationServer.issuer is missing')
  expect(said).not.toContain('TOKEN_HANDLER_')
})

it('reads no environment variable', async () => {
  const file = join(folder, 'token-handler.json')
  await writeFile(file, JSON.stringify(settings))
  expect(await run(['worker', '--config', file], { TOKEN_HANDLER_AGENT_PATH: '/other' })).toBe(0)
  expect(String(print.mock.lastCall)).not.toContain('/other')
})

describe('a client that authenticates with more than a secret', () => {
  const call = 'let the worker call createWorker'
  it.each([
    ['a key', { client: { ...client, privateKey: { kty: 'EC' } } }, 'client.privateKey', call],
    [
      'private_key_jwt',
      { client: { ...client, authentication: 'private_key_jwt' } },
      'client.authentication',
      call,
    ],
    ['the profile fapi-2.0', { profile: 'fapi-2.0' }, 'profile', call],
    [
      'a certificate',
      { client: { ...client, authentication: 'tls_client_auth' } },
      'client.authentication',
      'needs a client certificate',
    ],
  ])('is refused for that, and not for the secret it lacks: %s', async (_, more, name, mend) => {
    expect(await check({ ...settings, ...more })).toBe(1)
    const said = String(printError.mock.lastCall)
    expect(said).toContain(`The configuration has a mistake:\n  ${name} `)
    expect(said).toContain(mend)
    expect(said).not.toContain('client.secret')
  })
})

it('refuses several SPAs', async () => {
  expect(await check({ tenants: [] })).toBe(1)
  expect(String(printError.mock.lastCall)).toContain('make a worker of each')
})

it('keeps how the configuration is weaker than its defaults, for the log of the worker', async () => {
  expect(await check({ ...settings, exposeErrorDetails: true })).toBe(0)
  const { relaxations } = JSON.parse(String(print.mock.lastCall))
  expect(relaxations).toEqual([{ setting: 'exposeErrorDetails', loses: expect.any(String) }])
})

it.each([
  ['a mistake', { ...settings, trustedOrigins: ['*'] }, 'trustedOrigins[0]'],
  [
    'what fetch cannot do',
    {
      ...settings,
      routes: [{ path: '/api', upstream: 'https://api.example', preserveHost: true }],
    },
    'routes[0].preserveHost',
  ],
  [
    'keys, which are secrets',
    { ...settings, client: { ...client, dpopKeys: [newKey.privateJwk] } },
    'let the worker call createWorker',
  ],
])('refuses %s', async (_, configuration, mistake) => {
  expect(await check(configuration)).toBe(1)
  expect(print).not.toHaveBeenCalled()
  expect(String(printError.mock.lastCall)).toContain(mistake)
})
