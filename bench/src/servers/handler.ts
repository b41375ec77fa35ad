// Our handler, whole, as a deployment would run it.
import { parseConfiguration } from '@token-handler/reference-handler'
import { createServer } from '@token-handler/reference-handler/fastify'
import { announce, optionalSetting, setting } from './announce.ts'

const timeout = Number(optionalSetting('TIMEOUT') ?? 30)
const audience = optionalSetting('AUDIENCE')

const configuration = parseConfiguration({
  authorizationServer: { issuer: setting('ISSUER'), timeout },
  client: { id: 'bench', secret: 'secret', redirectUri: 'https://www.app.example/callback' },
  cookies: { secrets: ['a secret for measurements, and for nothing else'] },
  trustedOrigins: ['https://www.app.example'],
  routes: [{ path: '/api', upstream: `${setting('UPSTREAM')}/api`, audience, timeout }],
  refresh: { freshFor: 0 },
  server: { logLevel: setting('LOG_LEVEL') === 'info' ? 'info' : 'warn' },
})
const server = createServer(configuration)
await server.listen({ host: '127.0.0.1', port: 0 })
announce(server.server.address())
