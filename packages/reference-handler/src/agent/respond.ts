// From a decision of the agent to an answer: CORS headers, cookies, and the words of the wire.
import { endpoints, tokenHandler1Server, VERSION_HEADER } from '@token-handler/contract'
import type { Operation } from '@token-handler/contract'
import type { Configuration } from '../configuration/schema.ts'
import { serializeCookie } from '../http/cookies.ts'
import { corsHeaders, preflightHeaders } from '../http/cors.ts'
import { jsonAnswer } from '../http/json-response.ts'
import type { PlainAnswer, PlainRequest } from '../http/plain.ts'
import { removeStrayCookies } from '../http/stray-cookies.ts'
import type { AgentDecision } from './agent-decision.ts'

/** A JSON body. */
export type Body = Readonly<Record<string, unknown>>

/**
 * The one place where a decision becomes HTTP.
 *
 * @param planted - names of ours under which a cookie of another host may have come
 */
export function respond(
  configuration: Configuration,
  { header, host }: PlainRequest,
  outcome: AgentDecision<Body>,
  planted: readonly string[] = [],
): PlainAnswer {
  const { cookies, exposeErrorDetails, trustedOrigins } = configuration
  const cors = corsHeaders(header('origin'), trustedOrigins)
  const names = [...new Set([...outcome.cookies.map(({ name }) => name), ...planted])]
  const place = { ...cookies, host, isPrefixIgnored: planted.length > 0 }
  // The strays first: to some browsers, a cookie of this host and one of its domain are the same.
  const setCookies = [...removeStrayCookies(names, place), ...outcome.cookies].map((cookie) =>
    serializeCookie(cookie, cookies),
  )
  if (outcome.kind === 'success') {
    return jsonAnswer(200, outcome.result, { ...cors, ...outcome.headers }, setCookies)
  }

  const { code, details, headers, status } = outcome.failure
  const body = tokenHandler1Server.encodeError({ code, ...(exposeErrorDetails && { details }) })
  return jsonAnswer(status, body, { ...cors, ...headers }, setCookies)
}

/** Answers a preflight; where the path has no operation, so that the page can read the 404. */
export function respondToPreflight(
  { trustedOrigins }: Configuration,
  { header }: PlainRequest,
  operation: Operation | undefined,
): PlainAnswer {
  const headers = preflightHeaders(header('origin'), trustedOrigins, {
    methods: operation === undefined ? ['GET', 'POST'] : [endpoints[operation].method],
    headers: [VERSION_HEADER, 'content-type'],
  })
  return { status: 204, headers, setCookies: [], body: null }
}
