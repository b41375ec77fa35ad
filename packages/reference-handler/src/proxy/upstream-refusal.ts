// What the client is told when an upstream gave no answer that could be handed on.
import type { Forward, Refusal, Tunnel } from './decision.ts'

/** Of the documented answers, those for a failure of the upstream. */
export type UpstreamFailureCode = 'upstream_error' | 'upstream_timeout'

const reasons: Readonly<Record<UpstreamFailureCode, string>> = {
  upstream_error: 'The upstream cannot be reached, or its answer is not valid HTTP.',
  upstream_timeout: 'The upstream did not answer in time.',
}

/** The answer in place of the upstream's. */
export const upstreamRefusal = (
  { corsHeaders }: Pick<Forward | Tunnel, 'corsHeaders'>,
  code: UpstreamFailureCode,
): Refusal => ({ kind: 'refuse', code, reason: reasons[code], headers: corsHeaders })
