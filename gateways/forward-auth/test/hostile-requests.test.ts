// Requests that no browser sends, through each gateway: the path that was judged is the path that reaches the API.
import { describe } from 'vitest'
import { describeHostileRequests } from '../../../packages/reference-handler/test/hosts/hostile-requests.ts'
import { guideGateways, isGatewayMissing } from '../src/gateways.ts'
import { shareGateway } from '../src/shared-gateway.ts'

for (const gateway of guideGateways) {
  describe.skipIf(isGatewayMissing(gateway))(`${gateway.name}, asking the handler`, () => {
    const { differs, hasOwnErrors, upstreamPath } = gateway
    describeHostileRequests(shareGateway(gateway), { differs, hasOwnErrors, upstreamPath })
  })
}
