// What the client is told when an upstream fails.
import type { Forward, Refusal, Tunnel } from '../../proxy/decision.ts'
import type { UpstreamFailure } from '../node/upstream.ts'

const reasons: Readonly<Record<UpstreamFailure['code'], string>> = {
  upstream_error: 'The upstream cannot be reached, or its answer is of no use.',
  upstream_timeout: 'The upstream did not answer in time.',
}

/** The answer in place of the upstream's. */
export const upstreamRefusal = (
  { corsHeaders }: Forward | Tunnel,
  code: UpstreamFailure['code'],
): Refusal => ({ kind: 'refuse', code, reason: reasons[code], headers: corsHeaders })
