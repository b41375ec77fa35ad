// The OAuth Proxy of a mock, and the APIs behind it.
import { proxyErrorStatus } from '@token-handler/contract'
import type { ProxyErrorCode } from '@token-handler/contract'
import { isFresh } from './mock-state.ts'
import type { MockSession } from './mock-state.ts'
import { errorReply } from './operations.ts'
import type { Reply } from './operations.ts'
import { distrust } from './request-guards.ts'
import { toResponse } from './to-response.ts'
import type { MockUser, MockUsers } from './users.ts'

/** A request that reached an API, and whose access token it came with. */
export interface ApiCall<U extends MockUsers> extends MockUser<U> {
  readonly request: Request
}

/** Plays an API: answers requests of signed-in users. */
export type ApiResolver<U extends MockUsers> = (call: ApiCall<U>) => Response | Promise<Response>

/** What the proxy looks at. */
export interface ProxyContext<U extends MockUsers> {
  readonly origin: string
  /** Milliseconds since the epoch. */
  readonly now: number
  /** The session whose cookie comes with the request. */
  readonly session: MockSession<U> | undefined
}

function proxyError(code: ProxyErrorCode, details: string, challenge?: string): Response {
  const reply: Reply = errorReply(proxyErrorStatus[code], code, details)
  return toResponse(
    challenge === undefined ? reply : { ...reply, headers: { 'www-authenticate': challenge } },
  )
}

/**
 * Lets a request through to the resolver as the proxy does, or refuses it.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc6750#section-3 RFC 6750 section 3}, for the challenges
 */
export async function forward<U extends MockUsers>(
  request: Request,
  resolver: ApiResolver<U>,
  { origin, now, session }: ProxyContext<U>,
): Promise<Response> {
  const reason = distrust(request, origin)
  if (reason !== undefined) return proxyError('untrusted_request', reason)
  if (session === undefined) return proxyError('unauthorized', 'nobody is signed in', 'Bearer')
  if (!isFresh(session, now)) {
    const challenge = 'Bearer error="invalid_token"'
    return proxyError('unauthorized', 'the access token has expired', challenge)
  }
  const { user, claims } = session
  return resolver({ request, user, claims })
}

/**
 * Tells whether a URL belongs to a protected resource. The query does not matter.
 *
 * @param url - absolute
 * @param pattern - absolute; a final `*` stands for anything
 */
export function matches(url: string, pattern: string): boolean {
  const { origin, pathname } = new URL(url)
  const resource = origin + pathname
  return pattern.endsWith('*') ? resource.startsWith(pattern.slice(0, -1)) : resource === pattern
}
