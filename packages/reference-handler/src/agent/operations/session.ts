// `GET /session`: the session as its cookie describes it. Sends no request.
import type { AgentContext, AgentInput } from '../context.ts'
import { requireProof } from '../device-binding/when-on.ts'
import { agentFailure, fail, succeed } from '../agent-decision.ts'
import type { OperationDecision } from '../agent-decision.ts'
import { hasBeenEnded } from '../refuse-ended.ts'
import { describeSession, isAlive, openCurrentSession } from '../session-cookie.ts'

/**
 * Describes the session. No cookie, or an unreadable one, means that there is none. Sets no cookie; one that is of no use
 * any more goes, where the browser would not make another proof with it.
 */
export async function session(
  context: AgentContext,
  input: AgentInput,
): Promise<OperationDecision<'session'>> {
  const opened = await openCurrentSession(context, input.cookies)
  const now = context.now()
  const isOver = !opened || !isAlive(opened, now) || (await hasBeenEnded(context, opened))
  if (isOver) return succeed({ isLoggedIn: false })
  const standing = await requireProof(context, input, opened)
  if (standing.kind === 'later') return standing.decision
  if (standing.kind === 'over') return fail(agentFailure('session_expired', standing.details))
  const described = describeSession(opened, now)
  return succeed(standing.kind === 'bound' ? { ...described, isDeviceBound: true } : described)
}
