// Noticing cookies of our names that another host has planted, in a browser that lets it.
import { cookieName } from '@token-handler/contract'
import type { Configuration } from '../configuration/schema.ts'
import { findCookies, repeatedNames } from '../http/cookies.ts'
import type { PlainRequest } from '../http/plain.ts'
import type { Sealer } from '../sealing/sealer.ts'
import type { AgentDecision } from './agent-decision.ts'
import { openSession } from './session-cookie.ts'

/**
 * Finds the names of ours under which a cookie of another host came, or may have come. Those that came twice do not
 * let the agent work. A session cookie that does not open would be the second one as soon as there is one of ours.
 *
 * @returns names whose cookies are to be removed with every `Domain`; most requests have none
 * @see {@link https://www.rfc-editor.org/rfc/rfc6265#section-8.6 RFC 6265 section 8.6, weak integrity}
 */
export async function findPlanted(
  { configuration, sealer }: { readonly configuration: Configuration; readonly sealer: Sealer },
  request: PlainRequest,
  outcome: AgentDecision<unknown>,
): Promise<readonly string[]> {
  const { prefix } = configuration.cookies
  const cookies = findCookies(request.header('cookie'), prefix)
  const repeated = repeatedNames(cookies)
  if (repeated.length > 0) return repeated
  const names = [cookieName(prefix, 'proxy'), cookieName(prefix, 'session')]
  const sets = outcome.cookies.some(({ name, value }) => name === names[1] && value !== '')
  const before = cookies.find(([name]) => name === names[1])?.[1]
  if (!sets || before === undefined) return []
  // A store that cannot be asked says nothing about the cookie.
  const opened = await openSession(sealer, before).catch(() => 'unknown')
  return opened === undefined ? names : []
}
