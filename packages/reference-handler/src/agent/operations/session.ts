// `GET /session`: who is signed in, as far as the cookie says. It never sets a cookie.
import { cookieName } from '@token-handler/contract'
import type { AgentContext, AgentInput } from '../context.ts'
import { succeed } from '../operation-outcome.ts'
import type { OperationOutcome } from '../operation-outcome.ts'
import { describeSession, isAlive, openSession } from '../session-cookie.ts'

/** Tells whether a user is signed in. No cookie, or an unreadable one, means nobody is. */
export async function session(
  context: AgentContext,
  { cookies }: AgentInput,
): Promise<OperationOutcome<'session'>> {
  const name = cookieName(context.configuration.cookies.prefix, 'session')
  const opened = await openSession(context.sealer, cookies.get(name))
  const now = context.now()
  return succeed(
    opened && isAlive(opened, now) ? describeSession(opened, now) : { isLoggedIn: false },
  )
}
