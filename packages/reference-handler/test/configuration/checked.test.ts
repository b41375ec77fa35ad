// A configuration that is checked before it is deployed: no secret is in it, and nothing of it gets lost.
import { describe, expect, it } from 'vitest'
import { withoutSecrets, withSecrets } from '../../src/configuration/checked.ts'
import { parseConfiguration } from '../../src/configuration/parse.ts'
import { validInput } from './valid-configuration.ts'

const input = {
  ...validInput,
  authorizationServer: { ...validInput.authorizationServer, tokenEndpoint: 'https://t.example/t' },
  client: { ...validInput.client, extraParameters: { audience: 'api' } },
  routes: [{ path: '/api', upstream: 'https://api.example/v1', exchange: { audience: 'a' } }],
  rateLimits: { loginsPerMinute: 3 },
}
const configuration = parseConfiguration(input)
const environment = {
  TOKEN_HANDLER_CLIENT_SECRET: validInput.client.secret,
  TOKEN_HANDLER_COOKIE_SECRETS: validInput.cookies.secrets.join(','),
}
const written = JSON.stringify(withoutSecrets(configuration, []))
const read = (text = written) => JSON.parse(text)

it('is the same after it was written, read and given its secrets', () => {
  expect(withSecrets(read(), environment)).toEqual(configuration)
})

it('holds no secret as it is written', () => {
  expect(written).not.toContain(validInput.client.secret)
  expect(written).not.toContain(validInput.cookies.secrets[0])
})

it('holds no password of a store, which no worker has', () => {
  const redis = { password: 'the password', url: 'rediss://:the-other@store.example' }
  const whole = JSON.stringify(withoutSecrets(parseConfiguration({ ...input, redis }), []))
  expect(whole).not.toContain('the password')
  expect(whole).not.toContain('the-other')
})

describe('is refused', () => {
  it.each([
    [
      'without the client’s secret',
      { TOKEN_HANDLER_CLIENT_SECRET: '' },
      'CLIENT_SECRET is missing',
    ],
    ['without cookie secrets', { TOKEN_HANDLER_COOKIE_SECRETS: '' }, 'needs at least one secret'],
    ['with a short one', { TOKEN_HANDLER_COOKIE_SECRETS: 'short' }, 'at least 32 bytes'],
    ['with a variable that nobody reads', { TOKEN_HANDLER_ROUTES: '/=x' }, 'ROUTES is not read'],
    ['with one that is no text', { TOKEN_HANDLER_ROUTES: [{ path: '/' }] }, 'ROUTES is not read'],
    [
      'with a secret that is no text',
      { TOKEN_HANDLER_CLIENT_SECRET: { secret: 's' } },
      'TOKEN_HANDLER_CLIENT_SECRET must be a text',
    ],
    [
      'with a list of cookie secrets',
      { TOKEN_HANDLER_COOKIE_SECRETS: validInput.cookies.secrets },
      'TOKEN_HANDLER_COOKIE_SECRETS must be a text',
    ],
    [
      'with a store, which no worker has',
      { TOKEN_HANDLER_REDIS_PASSWORD: 'p' },
      'REDIS_PASSWORD is for a store, which no worker has; remove it',
    ],
    [
      'with keys of DPoP',
      { TOKEN_HANDLER_DPOP_KEYS: '{}' },
      'DPOP_KEYS is a secret that only createWorker can check; let the worker call createWorker',
    ],
    [
      'with a key of the client',
      { TOKEN_HANDLER_CLIENT_PRIVATE_KEY: '{}' },
      'CLIENT_PRIVATE_KEY is a secret that only createWorker can check',
    ],
    [
      'with the file of a secret',
      { TOKEN_HANDLER_COOKIE_SECRETS_FILE: '/run/secrets/cookies' },
      'names a file, which workers do not have; set TOKEN_HANDLER_COOKIE_SECRETS itself as a secret',
    ],
  ])('%s', (_, more, mistake) => {
    expect(() => withSecrets(read(), { ...environment, ...more })).toThrow(mistake)
  })

  it('once for each variable', () => {
    const wrong = { TOKEN_HANDLER_CLIENT_SECRET: 1, TOKEN_HANDLER_COOKIE_SECRETS: [] }
    expect(() => withSecrets(read(), wrong)).toThrow('2 mistakes')
  })

  it('but not for what is unset, or of others', () => {
    const more = { TOKEN_HANDLER_SCOPE: undefined, TOKEN_HANDLER_ISSUER: '', ASSETS: {}, TOKEN: 1 }
    expect(withSecrets(read(), { ...environment, ...more })).toEqual(configuration)
  })

  it('where it is a file that nobody has checked', () => {
    const unchecked = read(JSON.stringify(input))
    expect(() => withSecrets(unchecked, environment)).toThrow(
      'was not written by a token-handler worker that this version can read',
    )
  })
})
