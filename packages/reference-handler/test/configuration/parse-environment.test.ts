// The configuration of a host without files: what its variables say is read, or is a mistake.
import { expect, it } from 'vitest'
import { parseEnvironment } from '../../src/configuration/parse-environment.ts'
import { validInput } from './valid-configuration.ts'

const parse = (environment: Readonly<Record<string, unknown>>) =>
  parseEnvironment(environment, validInput)

it('reads texts, and leaves bindings and what is unset alone', () => {
  const environment = { TOKEN_HANDLER_AGENT_PATH: '/auth', TOKEN_HANDLER_ROUTES: undefined }
  expect(parse({ ...environment, ASSETS: {} })).toMatchObject({ agentPath: '/auth', routes: [] })
})

it('refuses a variable that is no text, which a worker can have, instead of passing it over', () => {
  const routes = [{ path: '/api', upstream: 'https://api.example' }]
  expect(() => parse({ TOKEN_HANDLER_ROUTES: routes })).toThrow(
    'TOKEN_HANDLER_ROUTES must be a text',
  )
})

it('says where a secret goes in place of its file', () => {
  const environment = { TOKEN_HANDLER_CLIENT_SECRET_FILE: '/run/secrets/client' }
  expect(() => parse(environment)).toThrow(
    'TOKEN_HANDLER_CLIENT_SECRET_FILE names a file, and this host reads none; set TOKEN_HANDLER_CLIENT_SECRET itself',
  )
})
