// Agent, token exchange and readiness of one configuration share what is known of the authorization server.
import { expect, it } from 'vitest'
import { createServer } from '../../src/hosts/fastify/create-server.ts'
import { createTenantServer } from '../../src/hosts/fastify/create-tenant-server.ts'
import { createLogger } from '../../src/hosts/node/logger.ts'
import { parseConfiguration } from '../../src/configuration/parse.ts'
import { parseTenants } from '../../src/configuration/tenants.ts'
import type { Fetch, Ports } from '../../src/ports.ts'
import { sealerOf } from '../../src/sealing/configured-sealer.ts'
import { validInput } from '../configuration/valid-configuration.ts'
import { noLog } from '../support/no-log.ts'
import { tenantsInput } from '../tenants/tenants-under-test.ts'

const logger = createLogger('silent')

/** Discovery that can be switched off, and the issuers that it was asked for. */
function createDiscovery() {
  const asked: string[] = []
  let isDown = false
  const fetch: Fetch = async (url) => {
    if (isDown) throw new Error('connect ECONNREFUSED')
    const issuer = url.replace('/.well-known/openid-configuration', '')
    asked.push(issuer)
    return Response.json({
      issuer,
      authorization_endpoint: `${issuer}/authorize`,
      token_endpoint: `${issuer}/token`,
      jwks_uri: `${issuer}/jwks`,
      code_challenge_methods_supported: ['S256'],
    })
  }
  return { asked, fetch, goDown: () => (isDown = true) }
}

function start() {
  const discovery = createDiscovery()
  const configuration = parseConfiguration({ ...validInput, introspection: { enabled: true } })
  const server = createServer(configuration, { fetch: discovery.fetch, logger })
  const startLogin = async () => {
    const headers = { origin: validInput.trustedOrigins[0], 'token-handler-version': '1' }
    const url = `${configuration.agentPath}/login/start`
    return (await server.inject({ method: 'POST', url, headers })).statusCode
  }
  const ready = async () => (await server.inject({ url: '/ready' })).statusCode
  return { discovery, startLogin, ready }
}

it('a probed instance starts its first login while discovery is down', async () => {
  const { discovery, ready, startLogin } = start()
  expect(await ready()).toBe(200)
  discovery.goDown()
  expect(await startLogin()).toBe(200)
})

it('an instance that has had a login is ready while discovery is down', async () => {
  const { discovery, ready, startLogin } = start()
  expect(await startLogin()).toBe(200)
  discovery.goDown()
  expect(await ready()).toBe(200)
})

it('a server discovers each of its authorization servers once, with several tenants too', async () => {
  const discovery = createDiscovery()
  const configuration = parseTenants(tenantsInput)
  const server = createTenantServer(configuration, { fetch: discovery.fetch, logger })
  await server.inject({ url: '/ready' })
  const [{ configuration: first, host } = expect.fail('There are tenants.')] = configuration.tenants
  const { statusCode } = await server.inject({
    method: 'POST',
    url: `${first.agentPath}/login/start`,
    headers: { host, origin: first.trustedOrigins[0], 'token-handler-version': '1' },
  })
  expect(statusCode).toBe(200)
  const issuers = configuration.tenants.map(
    (tenant) => tenant.configuration.authorizationServer.issuer,
  )
  expect(discovery.asked.toSorted()).toEqual(issuers.toSorted())
})

it('agent and proxy of one configuration share a sealer', () => {
  const configuration = parseConfiguration(validInput)
  const ports: Ports = { fetch: createDiscovery().fetch, now: Date.now, log: noLog }
  const sealer = sealerOf(configuration, ports)
  expect(sealerOf(configuration, ports)).toBe(sealer)
  expect(sealerOf(parseConfiguration(validInput), ports)).not.toBe(sealer)
})
