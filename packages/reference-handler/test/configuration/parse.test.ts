// What a configuration means: its defaults, and a message for every mistake.
import { describe, expect, it } from 'vitest'
import { ConfigurationError } from '../../src/configuration/configuration-error.ts'
import { parseConfiguration } from '../../src/configuration/parse.ts'
import { authorizationServerMistakes } from './authorization-server-mistakes.ts'
import { clientMistakes } from './client-mistakes.ts'
import { mistakes, secretValue } from './mistakes.ts'
import { api, routeMistakes, withRoutes } from './route-mistakes.ts'
import { validInput } from './valid-configuration.ts'

function readMistakes(input: unknown) {
  try {
    parseConfiguration(input)
  } catch (error) {
    if (error instanceof ConfigurationError) return error
    throw error
  }
  throw new Error('The configuration was accepted.')
}

describe('parseConfiguration', () => {
  it('fills in the defaults', () => {
    expect(parseConfiguration(withRoutes(api))).toMatchObject({
      agentPath: '/oauth-agent',
      cookies: { prefix: '__Host-Http-th', secure: true },
      server: { host: '127.0.0.1', port: 3000, logLevel: 'info' },
      refresh: { freshFor: 5, resultsKeptFor: 20 },
      routes: [{ ...api, methods: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'] }],
      exposeErrorDetails: false,
    })
  })

  it('accepts plain http for everything on this machine', () => {
    const configuration = parseConfiguration({
      ...validInput,
      authorizationServer: { issuer: 'http://login.idp.localhost:4000' },
      client: { ...validInput.client, redirectUri: 'http://www.app.localhost:5173/callback' },
      trustedOrigins: ['http://www.app.localhost:5173', 'http://127.0.0.1:5173'],
    })
    expect(configuration.trustedOrigins).toHaveLength(2)
  })

  it.each([...mistakes, ...authorizationServerMistakes, ...clientMistakes, ...routeMistakes])(
    'names %s, and the mend',
    (_title, input, setting, mend) => {
      const error = readMistakes(input)
      const mistake = error.mistakes.find((candidate) => candidate.setting === setting)
      expect(error.mistakes.map((candidate) => candidate.setting)).toContain(setting)
      expect(mistake?.message).toMatch(mend)
      expect(error.message).toContain(`${setting} ${mistake?.message}`)
    },
  )

  it.each([
    'client_assertion',
    'client_assertion_type',
    'client_id',
    'client_secret',
    'code_challenge',
    'code_challenge_method',
    'dpop_jkt',
    'nonce',
    'redirect_uri',
    'request',
    'request_uri',
    'response_mode',
    'response_type',
    'scope',
    'state',
  ])('never lets the page set %s', (name) => {
    const client = { ...validInput.client, authorizationParameters: ['prompt', name] }
    expect(() => parseConfiguration({ ...validInput, client })).toThrow(
      'client.authorizationParameters[1] (TOKEN_HANDLER_AUTHORIZATION_PARAMETERS) is a parameter that protects the login',
    )
  })

  it('names all mistakes at once, those between settings too', () => {
    const error = readMistakes({
      client: { ...validInput.client, secret: undefined },
      cookies: { ...validInput.cookies, domain: 'app.example' },
      trustedOrigins: validInput.trustedOrigins,
      routes: [api, api],
      colour: 'red',
    })
    expect(error.mistakes.map(({ setting }) => setting).sort()).toEqual([
      'authorizationServer.issuer (TOKEN_HANDLER_ISSUER)',
      'client.secret (TOKEN_HANDLER_CLIENT_SECRET)',
      'colour',
      'cookies.domain (TOKEN_HANDLER_COOKIE_DOMAIN)',
      'routes[1].path (TOKEN_HANDLER_ROUTES)',
    ])
    expect(error.message).toContain('The configuration has 5 mistakes:')
  })

  it('never repeats the value of a secret', () => {
    const { message } = readMistakes({
      ...validInput,
      client: { ...validInput.client, secret: [secretValue] },
      cookies: { secrets: [secretValue, { secretValue }] },
    })
    expect(message).not.toContain(secretValue)
  })
})
