// The handler in Lambda, by AWS's own runtime client, does what the conformance suite says; two invocations at a time.
import { conformanceCases, runCase } from '@token-handler/conformance'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findObstacle } from '../../packages/reference-handler/test/redis/redis-server.ts'
import type { HostFixture } from '../src/host-fixture.ts'
import { lambdaHosts } from '../src/lambda/lambda-hosts.ts'
import { startLambdaSubject } from '../src/lambda/lambda-subject.ts'

for (const host of lambdaHosts) {
  describe.skipIf(findObstacle() !== undefined)(host.name, () => {
    let fixture: HostFixture
    beforeAll(async () => {
      fixture = await startLambdaSubject(host)
    })
    afterAll(() => fixture?.stop())

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
