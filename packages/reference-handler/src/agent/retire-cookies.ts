// What a store holds for cookies that are replaced or removed goes, too.
import { cookieName } from '@token-handler/contract'
import type { AgentContext, AgentInput } from './context.ts'
import { describeError } from './describe-error.ts'

/**
 * Has the store forget what the session's cookies stand for; without a store there is nothing to forget. Never rejects:
 * what is not forgotten now goes with its time.
 *
 * @param keptFor - milliseconds during which latecomers may still come with these cookies
 */
export async function retireCookies(
  { configuration, log, sealer }: AgentContext,
  cookies: AgentInput['cookies'],
  keptFor: number,
): Promise<void> {
  const { retire } = sealer
  if (retire === undefined) return
  const retired = (['proxy', 'session'] as const).map(async (role) => {
    const value = cookies.get(cookieName(configuration.cookies.prefix, role))
    if (value !== undefined) await retire(role, value, keptFor)
  })
  await Promise.all(retired).catch((cause: unknown) => {
    log.warn(
      { causes: describeError(cause) },
      'a replaced session stays in the store until its time is over',
    )
  })
}
