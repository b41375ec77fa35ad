// Gateways that ask the handler, in front of the local stack, do what the conformance suite says.
import { conformanceCases, runCase } from '@token-handler/conformance'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startGatewaySubject } from '../src/gateway-subject.ts'
import type { GatewaySubject } from '../src/gateway-subject.ts'
import { guideGateways, isGatewayMissing } from '../src/gateways.ts'

for (const gateway of guideGateways) {
  describe.skipIf(isGatewayMissing(gateway))(`${gateway.name}, asking the handler`, () => {
    let started: GatewaySubject
    beforeAll(async () => {
      started = await startGatewaySubject(gateway)
    })
    afterAll(() => started?.stop())

    for (const conformanceCase of conformanceCases) {
      it(conformanceCase.title, async ({ skip }) => {
        const outcome = await runCase(conformanceCase, started.subject)
        if (outcome.status === 'skipped') skip(outcome.reason)
        expect(outcome).toEqual({ status: 'passed' })
      })
    }
  })
}
