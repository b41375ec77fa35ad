// Each host, in the runtime it is for, does what the conformance suite says of agent and proxy.
import { conformanceCases, runCase } from '@token-handler/conformance'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { isMissing } from '../src/binaries.ts'
import { startHost } from '../src/host-fixture.ts'
import type { HostFixture } from '../src/host-fixture.ts'
import { hosts } from '../src/hosts.ts'

for (const host of hosts) {
  describe.skipIf(host.runtime !== undefined && isMissing(host.runtime))(host.name, () => {
    let fixture: HostFixture
    beforeAll(async () => {
      fixture = await startHost(host)
    })
    afterAll(() => fixture?.stop())

    for (const conformanceCase of conformanceCases) {
      it(conformanceCase.title, async ({ skip }) => {
        const outcome = await runCase(conformanceCase, fixture.subject)
        if (outcome.status === 'skipped') skip(outcome.reason)
        expect(outcome, fixture.host.log().slice(-2000)).toEqual({ status: 'passed' })
      })
    }
  })
}
