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
    ['with keys', { TOKEN_HANDLER_DPOP_KEYS: '{}' }, 'DPOP_KEYS is not read'],
  ])('%s', (_, more, mistake) => {
    expect(() => withSecrets(read(), { ...environment, ...more })).toThrow(mistake)
  })

  it('where it is a file that nobody has checked', () => {
    const unchecked = read(JSON.stringify(input))
    expect(() => withSecrets(unchecked, environment)).toThrow('token-handler worker')
  })
})
