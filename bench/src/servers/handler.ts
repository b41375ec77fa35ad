// Our handler, whole, as a deployment would run it.
import { createServer } from '@token-handler/reference-handler/fastify'
import { announce, optionalSetting, setting } from './announce.ts'
import { benchConfiguration } from './configuration.ts'

const configuration = benchConfiguration({
  issuer: setting('ISSUER'),
  upstream: setting('UPSTREAM'),
  audience: optionalSetting('AUDIENCE'),
  forwardAuth: optionalSetting('FORWARD_AUTH'),
  forwardAuthPort: Number(optionalSetting('FORWARD_AUTH_PORT') ?? 3010),
  timeout: Number(optionalSetting('TIMEOUT') ?? 30),
  logLevel: setting('LOG_LEVEL') === 'info' ? 'info' : 'warn',
})
const server = createServer(configuration)
await server.listen({ host: '127.0.0.1', port: 0 })
announce(server.server.address())
