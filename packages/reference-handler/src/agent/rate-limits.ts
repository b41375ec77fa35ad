// The agent's limits for each client address, against guessing and flooding.
import type { Operation } from '@token-handler/contract'
import type { Configuration } from '../configuration/schema.ts'
import { agentFailure } from './agent-decision.ts'
import type { AgentFailure } from './agent-decision.ts'
import { createRateLimiter } from './token-bucket.ts'
import type { RateLimiter } from './token-bucket.ts'

/** What the host knows of a request's sender, and no header can change. */
export interface RequestSender {
  /** The IP address. Without it nothing is limited. */
  readonly address?: string | undefined
}

/** Takes a request out of its sender's allowance, or says why it must wait. */
export type CheckRate = (operation: Operation, client: RequestSender) => AgentFailure | undefined

/**
 * Creates the limits of a configuration. Signing out and asking for the session are never limited:
 * they send no request to the authorization server, or must not fail.
 *
 * @param now - milliseconds since the epoch
 */
export function createRateLimits(
  { rateLimits: { loginsPerMinute, refreshesPerMinute } }: Configuration,
  now: () => number,
): CheckRate {
  const limit = (perMinute: number | undefined) =>
    perMinute === undefined ? undefined : createRateLimiter(perMinute, now)
  const limiters: Partial<Record<Operation, RateLimiter | undefined>> = {
    startLogin: limit(loginsPerMinute),
    endLogin: limit(loginsPerMinute),
    refresh: limit(refreshesPerMinute),
  }
  return (operation, { address }) => {
    const wait = address === undefined ? undefined : limiters[operation]?.(address)
    if (wait === undefined) return undefined
    const details = 'This client address has asked too often; see rateLimits.'
    const failure = agentFailure('too_many_requests', details)
    return { ...failure, headers: { 'retry-after': String(wait) } }
  }
}
