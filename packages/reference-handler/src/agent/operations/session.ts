// `GET /session`: the session as its cookie describes it. Sets no cookie and sends no request.
import type { AgentContext, AgentInput } from '../context.ts'
import { succeed } from '../agent-decision.ts'
import type { OperationDecision } from '../agent-decision.ts'
import { describeSession, isAlive, openCurrentSession } from '../session-cookie.ts'

/** Describes the session. No cookie, or an unreadable one, means that there is none. */
export async function session(
  context: AgentContext,
  { cookies }: AgentInput,
): Promise<OperationDecision<'session'>> {
  const opened = await openCurrentSession(context, cookies)
  const now = context.now()
  return succeed(
    opened && isAlive(opened, now) ? describeSession(opened, now) : { isLoggedIn: false },
  )
}
