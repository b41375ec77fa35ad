// A function of AWS with a store, in front of a local stack of its own, for the cases of the conformance suite.
import { startRedis } from '../../../packages/reference-handler/test/redis/redis-server.ts'
import { startHost } from '../host-fixture.ts'
import type { HostFixture } from '../host-fixture.ts'
import { startLambda } from './lambda-hosts.ts'
import type { LambdaHost } from './lambda-hosts.ts'

/** Starts it, with Redis, because each invocation at the same time is a process of its own. */
export async function startLambdaSubject(host: LambdaHost): Promise<HostFixture> {
  const redis = await startRedis()
  const start: Parameters<typeof startHost>[0]['start'] = ({ configuration, ...options }) => {
    const store = { ...configuration.redis, url: redis.url }
    return startLambda(host, { ...options, configuration: { ...configuration, redis: store } })
  }
  try {
    const fixture = await startHost({ ...host, start })
    return {
      ...fixture,
      async stop() {
        await fixture.stop()
        await redis.kill()
      },
    }
  } catch (error) {
    await redis.kill()
    throw error
  }
}
