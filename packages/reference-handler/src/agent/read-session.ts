// Reading the session of a request outside of the agent: for web hosts that render pages for who is signed in.
import type { Configuration } from '../configuration/schema.ts'
import { parseCookies } from '../http/cookies.ts'
import type { Ports } from '../ports.ts'
import { sealerOf } from '../sealing/configured-sealer.ts'
import { endedSessionsOf } from '../store/ended-sessions.ts'
import { requireProof } from './device-binding/when-on.ts'
import { findBoundCookies } from './device-binding/bound-cookies.ts'
import { hasBeenEnded } from './refuse-ended.ts'
import { isAlive, openCurrentSession } from './session-cookie.ts'

/**
 * What a page can be rendered with, in the form of the SDK's session. Never a token: only whether somebody is signed
 * in, the claims of the ID token, and when the two kinds of end come, in milliseconds since the epoch.
 */
export type ReadableSession =
  | {
      readonly status: 'authenticated'
      readonly claims: Readonly<Record<string, unknown>>
      readonly stale: false
      readonly accessTokenExpiresAt?: number
      readonly sessionExpiresAt?: number
    }
  | { readonly status: 'unauthenticated'; readonly reason: 'none' }
  /** The request cannot tell: the browser has to ask the agent. */
  | { readonly status: 'loading' }

/**
 * Reads the session of a request.
 *
 * @param request - the one that the browser sent, or its headers as Node has them
 */
export type ReadSession = (
  request: Request | { readonly headers: Readonly<Record<string, string | string[] | undefined>> },
) => Promise<ReadableSession>

/** The parts of the outside world that reading needs; those of the agent fit. */
export type ReadSessionPorts = Pick<Ports, 'cookieSecrets' | 'createSealer' | 'now' | 'store'>

/** Of these requests a browser leaves out no cookie of the host, SameSite=Strict or not. */
const complete = new Set(['same-origin', 'same-site', 'none'])

/**
 * Creates the function by which a web host on the agent's own host reads who is signed in, to render a page for them.
 * It opens the session cookie with the agent's configuration, sends no request, sets no cookie and refreshes nothing.
 *
 * A navigation from another site carries no `SameSite=Strict` cookie, whoever is signed in. Without a session such a
 * request is `loading`, as is one that does not say where it comes from, that has a cookie of ours twice, or whose session
 * is bound to a device without a proof of it: render what does not depend on the user, and let the browser find out. A
 * page of the session is nobody else's: answer with `Cache-Control: private, no-store`.
 *
 * It authorizes nothing: data come from APIs, through the proxy. Whoever can open cookies holds their secrets, so such a
 * host is as much to be trusted as the agent.
 *
 * @param configuration - the agent's, from `parseConfiguration`; of a tenant, its own
 * @param ports - the clock, and what the agent has beside it: a store, secrets that change
 * @returns the function; it rejects only if the `store` of sessions cannot be asked
 *
 * @example
 * import { readFile } from 'node:fs/promises'
 * import { createServer } from 'node:http'
 * import { createSessionReader, parseConfiguration } from '@token-handler/reference-handler'
 *
 * const configuration = parseConfiguration(JSON.parse(await readFile('token-handler.json', 'utf8')))
 * const readSession = createSessionReader(configuration, { now: Date.now })
 * createServer(async (request, response) => {
 *   const session = await readSession(request)
 *   response.setHeader('cache-control', 'private, no-store')
 *   response.end(session.status === 'authenticated' ? 'Hello' : 'Welcome')
 * }).listen(8080)
 * @see {@link https://www.rfc-editor.org/rfc/rfc6265 RFC 6265}, and section 8.8.2 of its successor for `SameSite=Strict`
 * @see {@link https://www.w3.org/TR/fetch-metadata/ Fetch Metadata Request Headers}
 */
export function createSessionReader(
  configuration: Configuration,
  ports: ReadSessionPorts,
): ReadSession {
  const sealer = sealerOf(configuration, ports)
  const endedSessions = endedSessionsOf(configuration, ports)
  const { prefix } = configuration.cookies
  const { now } = ports
  // The agent counts what becomes of bindings; it is asked about each of them anyway.
  const context = { configuration, sealer, now, onDeviceBinding: () => undefined }

  return async ({ headers }) => {
    const header = (name: string): string | undefined => {
      if (headers instanceof Headers) return headers.get(name) ?? undefined
      const value = headers[name]
      return typeof value === 'string' ? value : value?.join('; ')
    }
    const sent = header('cookie') ?? null
    const cookies = parseCookies(sent, prefix)
    if (cookies === 'duplicate') return { status: 'loading' }
    const session = await openCurrentSession(context, cookies)
    const isOver =
      !session || !isAlive(session, now()) || (await hasBeenEnded({ endedSessions }, session))
    if (isOver) {
      return complete.has(header('sec-fetch-site') ?? '')
        ? { status: 'unauthenticated', reason: 'none' }
        : { status: 'loading' }
    }
    const boundCookies = findBoundCookies(sent, prefix)
    const standing = await requireProof(context, { boundCookies, isProofSkipped: false }, session)
    // The cookies are a copy, or the proof is too old: the agent tells, and can ask for another one.
    if (standing.kind === 'over' || standing.kind === 'later') return { status: 'loading' }
    const { accessTokenExpiresAt, claims = {}, endsAt } = session
    return {
      status: 'authenticated',
      claims,
      stale: false,
      ...(accessTokenExpiresAt !== undefined && { accessTokenExpiresAt }),
      ...(endsAt !== undefined && { sessionExpiresAt: endsAt }),
    }
  }
}
