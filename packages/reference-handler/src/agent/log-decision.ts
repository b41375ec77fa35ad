// One line of log for each request: what was asked, what came of it, and why. Never a secret value.
import type { Operation } from '@token-handler/contract'
import type { Log } from '../ports.ts'
import { describeError, describeStack } from './describe-error.ts'
import type { AgentDecision } from './agent-decision.ts'

/**
 * Logs the outcome of a request: our own faults as errors, those of the authorization server as
 * warnings, those of the request as information.
 *
 * @param operation - absent when the path names none
 */
export function logDecision(
  log: Log,
  operation: Operation | undefined,
  outcome: AgentDecision<unknown>,
): void {
  if (outcome.kind === 'success') {
    log.debug({ operation, status: 200 }, 'agent request succeeded')
    return
  }
  const { status, code, details, cause } = outcome.failure
  const fields = { operation, status, code, details, causes: describeError(cause) }
  if (status === 500) {
    log.error({ ...fields, stack: describeStack(cause) }, 'agent request failed')
  } else if (status > 500) {
    log.warn(fields, 'agent request failed')
  } else {
    log.info(fields, 'agent request refused')
  }
}
