// The agent's limits for each client address, against guessing and flooding.
import type { Operation } from '@token-handler/contract'
import type { Configuration } from '../configuration/schema.ts'
import type { Ports } from '../ports.ts'
import { storeKeysOf } from '../store/configured-keys.ts'
import { agentFailure } from './agent-decision.ts'
import type { AgentFailure } from './agent-decision.ts'
import { createRateLimiter, networkOf } from './token-bucket.ts'

/** What the host knows of a request's sender, and no header can change. */
export interface RequestSender {
  /** The IP address. Without it nothing is limited. */
  readonly address?: string | undefined
}

/** Takes a request out of its sender's allowance, or says why it must wait. */
export type CheckRate = (
  operation: Operation,
  client: RequestSender,
) => Promise<AgentFailure | undefined>

/** Resolves with the seconds to wait, if any. */
type Limit = (address: string) => Promise<number | undefined>

/**
 * Creates the limits of a configuration. Signing out and asking for the session are never limited: they send no
 * request to the authorization server, or must not fail. With a store all instances count together; while it is away
 * each of them counts for itself.
 */
export function createRateLimits(configuration: Configuration, ports: Ports): CheckRate {
  const { loginsPerMinute, refreshesPerMinute } = configuration.rateLimits
  const { store } = ports

  const limit = (operation: Operation, perMinute: number | undefined): Limit | undefined => {
    if (perMinute === undefined) return undefined
    const countHere = createRateLimiter(perMinute, ports.now)
    if (store === undefined) return async (address) => countHere(address)
    const keys = storeKeysOf(configuration, ports)
    return async (address) => {
      const [name = ''] = await keys.namesOf('rate', `${operation} ${networkOf(address)}`)
      try {
        const wait = await store.rates.take(name, perMinute)
        return wait === 0 ? undefined : Math.ceil(wait / 1000)
      } catch {
        return countHere(address)
      }
    }
  }
  const limits: Partial<Record<Operation, Limit | undefined>> = {
    startLogin: limit('startLogin', loginsPerMinute),
    endLogin: limit('endLogin', loginsPerMinute),
    refresh: limit('refresh', refreshesPerMinute),
  }
  return async (operation, { address }) => {
    const wait = address === undefined ? undefined : await limits[operation]?.(address)
    if (wait === undefined) return undefined
    const details = 'This client address has asked too often; see rateLimits.'
    const failure = agentFailure('too_many_requests', details)
    return { ...failure, headers: { 'retry-after': String(wait) } }
  }
}
