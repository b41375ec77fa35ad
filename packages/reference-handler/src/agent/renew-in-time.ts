// Calls of the refresh coordinator within a time limit: whatever becomes of a store, every request has its end.
import { agentFailure, fail } from './agent-decision.ts'
import type { AgentContext } from './context.ts'
import { describeError } from './describe-error.ts'
import type { RefreshableSession, Renew, RenewalResult } from './refresh-coordinator.ts'

/** Milliseconds that a coordinator may take on top of the authorization server's time. */
const MARGIN = 2000

/** Milliseconds that a call of the coordinator may take, a refresh of another request included. */
const limitOf = ({ configuration }: AgentContext): number =>
  configuration.authorizationServer.timeout * 1000 + MARGIN

/**
 * Renews a session by way of the coordinator. Never rejects. A coordinator that fails, or does not answer in time, is
 * answered with 503 and leaves all cookies as they are, unless this request has renewed the session: then the browser
 * gets its new cookies, because nobody else has them.
 *
 * @param renew - refreshes; what it rejects with is a fault of ours
 */
export async function renewInTime(
  context: AgentContext,
  session: RefreshableSession,
  renew: Renew,
): Promise<RenewalResult> {
  let renewed: RenewalResult | undefined
  try {
    return await inTime(context, (shorten) =>
      context.refreshCoordinator.renewOnce(session, async () => {
        const result = await renew().catch((cause: unknown) =>
          fail(agentFailure('server_error', 'Unexpected; see the log.', cause)),
        )
        if (result.kind === 'renewed') renewed = result
        shorten()
        return result
      }),
    )
  } catch (cause) {
    if (renewed === undefined) return unavailable(cause)
    const message =
      'the refresh coordinator failed after a refresh; the new cookies are sent all the same'
    context.log.warn({ causes: describeError(cause) }, message)
    return renewed
  }
}

/**
 * Ends a session by way of the coordinator; resolves with the refresh token to revoke. Rejects when the coordinator
 * does, and when it does not answer in time.
 */
export function endInTime(context: AgentContext, refreshToken: string): Promise<string> {
  return inTime(context, () => context.refreshCoordinator.end(refreshToken))
}

/** Settles as the call does, or rejects when its time is over. `shorten` leaves it no more than the margin. */
async function inTime<T>(
  context: AgentContext,
  call: (shorten: () => void) => Promise<T>,
): Promise<T> {
  let cancel = (): void => undefined
  let isDone = false
  try {
    return await new Promise<T>((resolve, reject) => {
      const limit = (milliseconds: number): void => {
        cancel()
        if (isDone) return
        cancel = context.schedule(milliseconds, () => {
          reject(new Error('The refresh coordinator did not answer in time.'))
        })
      }
      limit(limitOf(context))
      call(() => limit(MARGIN)).then(resolve, reject)
    })
  } finally {
    isDone = true
    cancel()
  }
}

function unavailable(cause: unknown): RenewalResult {
  const details =
    'The refresh coordinator failed, or a refresh is in flight for too long; the session stays as it is.'
  const failure = agentFailure('temporarily_unavailable', details, cause)
  return fail({ ...failure, headers: { 'retry-after': '1' } })
}
