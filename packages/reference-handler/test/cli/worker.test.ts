// `token-handler worker`: what is checked before a worker is deployed, and what goes into its bundle.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
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
