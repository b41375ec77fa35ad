// Sessions that the authorization server, or an operator, has ended: what the agent answers to them.
import { marksOf } from '../store/session-marks.ts'
import { agentFailure, fail } from './agent-decision.ts'
import type { FailedDecision } from './agent-decision.ts'
import type { AgentContext } from './context.ts'
import { expireSession } from './issue-session.ts'
import type { SessionContent } from './session-cookie.ts'

/** Why such a session is over. */
export const ENDED_ELSEWHERE =
  'The session was ended by the authorization server, or by an operator.'

/** Whether this instance has heard of the end. */
export async function hasBeenEnded(
  { endedSessions }: Pick<AgentContext, 'endedSessions'>,
  session: SessionContent,
): Promise<boolean> {
  return endedSessions !== undefined && endedSessions.isEnded(await marksOf(session))
}

/** Refuses to refresh what has been ended, however long ago; `undefined` when nothing has been. */
export async function refuseEnded(
  { configuration, endedSessions }: AgentContext,
  session: SessionContent,
): Promise<FailedDecision | undefined> {
  if (endedSessions === undefined) return undefined
  try {
    if (!(await endedSessions.wasEnded(await marksOf(session)))) return undefined
    return fail(agentFailure('session_expired', ENDED_ELSEWHERE), expireSession(configuration))
  } catch (cause) {
    const details = 'The store cannot be asked whether the session was ended.'
    const failure = agentFailure('temporarily_unavailable', details, cause)
    return fail({ ...failure, headers: { 'retry-after': '1' } })
  }
}
