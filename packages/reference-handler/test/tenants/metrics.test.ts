// Metrics of several tenants: a path that is an agent's on one host can be an API's on another.
import { expect, it, onTestFinished } from 'vitest'
import { parseTenants } from '../../src/configuration/tenants.ts'
import { createTenantServer } from '../../src/hosts/fastify/create-tenant-server.ts'
import { createLogger } from '../../src/hosts/node/logger.ts'
import { send } from '../../../local-stack/test/visitor.ts'
import { tenantsInput } from './tenants-under-test.ts'

it('what the proxy of one tenant answers at the path of another’s agent counts for the proxy', async () => {
  const [shop, bank] = tenantsInput.tenants
  if (shop === undefined || bank === undefined) throw new Error('there are tenants')
  const routes = bank.routes.map((route) => ({ ...route, path: shop.agentPath }))
  let log = ''
  const server = createTenantServer(
    parseTenants({
      server: { metricsPort: 0 },
      tenants: [shop, { ...bank, agentPath: '/agent', routes }],
    }),
    { logger: createLogger('info', { write: (line) => void (log += line) }) },
  )
  onTestFinished(() => server.close())
  const address = await server.listen({ host: '127.0.0.1', port: 0 })

  for (const { host, trustedOrigins } of [shop, bank]) {
    const [origin = ''] = trustedOrigins
    const headers = { host, origin, 'token-handler-version': '1' }
    await send(`${address}/oauth-agent/session`, { headers })
  }
  const port = /"port":(\d+)[^\n]*serving metrics/.exec(log)?.[1]
  const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text()
  const counts = text.split('\n').filter((line) => line.includes('_duration_seconds_count'))
  expect(counts).toEqual([
    'token_handler_request_duration_seconds_count{part="agent",operation="session",status="200"} 1',
    'token_handler_request_duration_seconds_count{part="proxy",operation="",status="401"} 1',
  ])
})
