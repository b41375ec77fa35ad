// `/health` and `/ready`, for orchestrators.
import { describe, expect, it, vi } from 'vitest'
import { parseConfiguration } from '../../src/configuration/parse.ts'
import { createServer } from '../../src/hosts/fastify/create-server.ts'
import { createLogger } from '../../src/hosts/node/logger.ts'
import type { Fetch } from '../../src/ports.ts'
import { validInput } from '../configuration/valid-configuration.ts'
import { createManualTime } from '../support/manual-time.ts'
import { createMemoryStore } from '../support/memory-store.ts'

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

describe('/ready with a store that hangs', () => {
  /** Asks, and lets half a second pass as soon as somebody waits for that. */
  async function askWithHungStore(session: object) {
    const time = createManualTime()
    const store = { ...createMemoryStore(Date.now), check: () => new Promise<never>(() => {}) }
    const redis = { url: 'redis://redis.internal' }
    const configuration = parseConfiguration({ ...validInput, redis, session })
    const { schedule } = time
    const logger = createLogger('silent')
    const server = createServer(configuration, { fetch: answering, logger, schedule, store })
    const answer = server.inject('/ready')
    await vi.waitUntil(() => time.pending() > 0, { timeout: 5000 })
    time.advance(500)
    const { statusCode, body } = await answer
    await server.close()
    return [statusCode, body]
  }

  it('answers within half a second, and takes no instance out of service', async () => {
    const body = '{"status":"ok","store":"unavailable"}'
    expect(await askWithHungStore({})).toEqual([200, body])
  })

  it('answers 503 within half a second when sessions are in the store', async () => {
    const answer = await askWithHungStore({ store: 'redis' })
    expect(answer).toEqual([503, expect.stringContaining('temporarily_unavailable')])
  })
})
