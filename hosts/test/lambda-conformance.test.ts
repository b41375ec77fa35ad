// The handler in Lambda, by AWS's own runtime client, does what the conformance suite says; two invocations at a time.
import { conformanceCases, runCase } from '@token-handler/conformance'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  findObstacle,
  startRedis,
} from '../../packages/reference-handler/test/redis/redis-server.ts'
import type { RedisServer } from '../../packages/reference-handler/test/redis/redis-server.ts'
import { startHost } from '../src/host-fixture.ts'
import type { HostFixture } from '../src/host-fixture.ts'
import { lambdaHosts, startLambda } from '../src/lambda/lambda-hosts.ts'

for (const host of lambdaHosts) {
  describe.skipIf(findObstacle() !== undefined)(host.name, () => {
    let fixture: HostFixture
    let redis: RedisServer
    beforeAll(async () => {
      redis = await startRedis()
      const start: Parameters<typeof startHost>[0]['start'] = ({ configuration, ...options }) => {
        const store = { ...configuration.redis, url: redis.url }
        return startLambda(host, { ...options, configuration: { ...configuration, redis: store } })
      }
      fixture = await startHost({ ...host, start })
    })
    afterAll(async () => {
      await fixture?.stop()
      await redis?.kill()
    })

    for (const conformanceCase of conformanceCases) {
      it(conformanceCase.title, async ({ skip }) => {
        const reason = host.skips?.[conformanceCase.id]
        if (reason !== undefined) skip(reason)
        const outcome = await runCase(conformanceCase, fixture.subject)
        if (outcome.status === 'skipped') skip(outcome.reason)
        expect(outcome, fixture.host.log().slice(-2000)).toEqual({ status: 'passed' })
      })
    }
  })
}
