// `/health` and `/ready`, for orchestrators.
import { describe, expect, it } from 'vitest'
import { parseConfiguration } from '../../src/configuration/parse.ts'
import { createServer } from '../../src/hosts/fastify/create-server.ts'
import { createLogger } from '../../src/hosts/node/logger.ts'
import type { Fetch } from '../../src/ports.ts'
import { validInput } from '../configuration/valid-configuration.ts'

const { issuer } = validInput.authorizationServer
const metadata = {
  issuer,
  authorization_endpoint: `${issuer}/authorize`,
  token_endpoint: `${issuer}/token`,
  jwks_uri: `${issuer}/jwks`,
  code_challenge_methods_supported: ['S256'],
}
const answering: Fetch = async () => Response.json(metadata)
const down: Fetch = async () => {
  throw new Error('connect ECONNREFUSED')
}

async function ask(path: string, fetch: Fetch, endpoints = {}, method: 'GET' | 'HEAD' = 'GET') {
  const authorizationServer = { ...validInput.authorizationServer, ...endpoints }
  const configuration = parseConfiguration({ ...validInput, authorizationServer })
  const server = createServer(configuration, { fetch, logger: createLogger('silent') })
  const response = await server.inject({ method, url: path })
  await server.close()
  return {
    status: response.statusCode,
    type: response.headers['content-type'],
    body: response.body,
  }
}

describe('/health', () => {
  it('answers as long as the process lives, authorization server or not', async () => {
    expect(await ask('/health', down)).toEqual({
      status: 200,
      type: 'application/json',
      body: '{"status":"ok"}',
    })
  })
})

it.each(['/health', '/ready'])(
  '%s answers HEAD as it answers GET, without a body',
  async (path) => {
    const { status, body } = await ask(path, answering, {}, 'HEAD')
    expect({ status, body }).toEqual({ status: 200, body: '' })
  },
)

describe('/ready', () => {
  it('answers 200 when the metadata of the authorization server can be had', async () => {
    expect(await ask('/ready', answering)).toMatchObject({ status: 200, body: '{"status":"ok"}' })
  })

  it('answers 200 without asking anybody when all endpoints are configured', async () => {
    const endpoints = {
      authorizationEndpoint: metadata.authorization_endpoint,
      tokenEndpoint: metadata.token_endpoint,
      jwksUri: metadata.jwks_uri,
    }
    expect(await ask('/ready', down, endpoints)).toMatchObject({ status: 200 })
  })

  it('answers 503 when they cannot be had', async () => {
    const { status, body } = await ask('/ready', down)
    expect(status).toBe(503)
    expect(JSON.parse(body)).toMatchObject({ error_code: 'temporarily_unavailable' })
  })
})
