// Offering a registration, and telling the browser what is bound: the headers and the instructions.
import {
  cookieName,
  deviceBindingHeaders,
  deviceBindingPaths,
  endpoints,
} from '@token-handler/contract'
import { serializeCookie } from '../../http/cookies.ts'
import type { SetCookie } from '../../http/cookies.ts'
import type { AgentContext } from '../context.ts'
import { MAX_COOKIE_BYTES } from '../issue-session.ts'
import type { SessionContent } from '../session-cookie.ts'
import type { ProofAlgorithm } from './device-key.ts'
import { sealChallenge } from './sealed.ts'

/** Bytes by which a session cookie grows at most, and as much again for tokens that grow later. */
const ROOM: Readonly<Record<ProofAlgorithm, number>> = { ES256: 256, RS256: 1024 }

/** The algorithms whose keys fit into the cookies. */
function algorithmsFor(
  { configuration: { cookies } }: AgentContext,
  issued: readonly SetCookie[],
): readonly ProofAlgorithm[] {
  const sizes = issued.map(({ name, value }) => name.length + value.length)
  const sessionCookie = issued.findIndex(
    ({ name }) => name === cookieName(cookies.prefix, 'session'),
  )
  const left = Math.min(
    MAX_COOKIE_BYTES - (sizes[sessionCookie] ?? Infinity),
    cookies.maxBytes - sizes.reduce((sum, size) => sum + size, 0),
  )
  return (['ES256', 'RS256'] as const).filter((algorithm) => left >= ROOM[algorithm])
}

/**
 * Resolves with the header that offers to bind a session. There is none where a session has a key or cannot be
 * refreshed, and where no key would fit.
 *
 * @param issued - the cookies of the answer
 * @see {@link https://w3c.github.io/webappsec-dbsc/#header-secure-session-registration Device Bound Session Credentials, Secure-Session-Registration}
 */
export async function describeOffer(
  context: AgentContext,
  session: SessionContent,
  issued: readonly SetCookie[],
): Promise<Readonly<Record<string, string>>> {
  if (session.deviceKey !== undefined) return {}
  const algorithms = session.refreshToken === undefined ? [] : algorithmsFor(context, issued)
  if (algorithms.length === 0) return {}
  const path = context.configuration.agentPath + deviceBindingPaths.register
  const challenge = await sealChallenge(context, session)
  return {
    [deviceBindingHeaders.registration]: `(${algorithms.join(' ')});path="${path}";challenge="${challenge}"`,
  }
}

/** Resolves with the header that sets the challenge of the next proof. */
export async function nextChallenge(
  context: AgentContext,
  session: SessionContent,
  identifier: string,
): Promise<Readonly<Record<string, string>>> {
  const challenge = await sealChallenge(context, session)
  return { [deviceBindingHeaders.challenge]: `"${challenge}";id="${identifier}"` }
}

/**
 * The instructions: requests for the session, and refreshes, wait for a proof; nothing else does. A page of another
 * origin makes the browser wait only if its host is listed.
 *
 * @see {@link https://w3c.github.io/webappsec-dbsc/#format-session-instructions Device Bound Session Credentials, session instructions}
 */
export function describeBinding(
  { configuration }: AgentContext,
  identifier: string,
): Readonly<Record<string, unknown>> {
  const { agentPath, cookies, trustedOrigins } = configuration
  const name = cookieName(cookies.prefix, 'bound')
  const [, ...attributes] = serializeCookie({ name, value: '' }, cookies).split('; ')
  const include = (path: string) => ({ type: 'include', domain: '*', path: agentPath + path })
  return {
    session_identifier: identifier,
    refresh_url: agentPath + deviceBindingPaths.refresh,
    scope: {
      include_site: false,
      // The last one that fits decides. Sign-in and sign-out must never wait.
      scope_specification: [
        { type: 'exclude', domain: '*', path: '/' },
        include(endpoints.session.path),
        include(endpoints.refresh.path),
      ],
    },
    allowed_refresh_initiators: [
      ...new Set(trustedOrigins.map((origin) => new URL(origin).hostname)),
    ],
    credentials: [{ type: 'cookie', name, attributes: attributes.join('; ') }],
  }
}
