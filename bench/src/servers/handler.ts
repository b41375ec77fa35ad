// Our handler, whole, as a deployment would run it.
import { createLogger, createServer } from '@token-handler/reference-handler/fastify'
import { connectRedis } from '@token-handler/reference-handler/redis'
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
  redisUrl: optionalSetting('REDIS_URL'),
})
const { redis } = configuration
const store = redis.url === undefined ? undefined : await connectRedis(redis, createLogger('warn'))
const server = createServer(configuration, { store })
await server.listen({ host: '127.0.0.1', port: 0 })
announce(server.server.address())
