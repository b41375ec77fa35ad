// What a gateway asks the handler: which sessions have been ended, and what a proxy cookie is worth that it cannot
// read by itself. No browser and no authorization server comes here.
import { cookieName } from '@token-handler/contract'
import type { Configuration } from '../configuration/schema.ts'
import { readForm } from '../http/form.ts'
import { privateHeaders } from '../http/json-response.ts'
import type { Ports } from '../ports.ts'
import { createAccessTokenReader } from '../proxy/access-token.ts'
import type { AccessTokenReader, AccessTokenReading } from '../proxy/access-token.ts'
import { endedSessionsOf } from '../store/ended-sessions.ts'
import type { EndedSessions } from '../store/ended-sessions.ts'
import { createGatewayAccess } from './gateway-access.ts'
import { ACCESS_TOKEN_PATH, ENDED_SESSIONS_PATH } from './gateway-paths.ts'

/**
 * Answers a request of a gateway, and resolves with `undefined` for any other: to those there is no such path.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc7516#section-7.1 RFC 7516 section 7.1} for the answers
 */
export type GatewayEndpoint = (request: Request) => Promise<Response | undefined>

/** Entries of one answer: as a JWE they stay below 64 kB. */
const ENDINGS_AT_ONCE = 400

/** What makes an answer good for one question only. */
const NONCE = /^[\w-]{16,64}$/

type Content = readonly unknown[]

/** Creates the endpoint of one configuration. */
export function createGatewayEndpoint(configuration: Configuration, ports: Ports): GatewayEndpoint {
  const access = createGatewayAccess(configuration, ports)
  const endedSessions = endedSessionsOf(configuration, ports)
  const cookie = cookieName(configuration.cookies.prefix, 'proxy')
  let readAccessToken: AccessTokenReader | undefined

  async function worthOf(value: string): Promise<Content> {
    // Most deployments have no gateway that asks.
    readAccessToken ??= createAccessTokenReader(configuration, ports)
    return /^[\w.-]*$/.test(value)
      ? describeReading(await readAccessToken(`${cookie}=${value}`, {}))
      : ['unusable', 'The proxy cookie is not readable.']
  }

  const answers = new Map<string, (parameters: URLSearchParams) => Content | Promise<Content>>([
    [
      configuration.agentPath + ENDED_SESSIONS_PATH,
      (parameters) => describeEndings(endedSessions, parameters.get('after') ?? ''),
    ],
    [
      configuration.agentPath + ACCESS_TOKEN_PATH,
      (parameters) => worthOf(parameters.get('cookie') ?? ''),
    ],
  ])

  return async (request) => {
    const answer = answers.get(new URL(request.url).pathname)
    if (answer === undefined || request.method !== 'POST') return undefined
    if (!(await access.isGateway(request))) return undefined
    const form = await readForm(request)
    const nonce = form.kind === 'form' ? (form.parameters.get('nonce') ?? '') : ''
    if (form.kind === 'refused' || !NONCE.test(nonce)) {
      return new Response(null, { status: 400, headers: privateHeaders })
    }
    const sealed = await access.seal([nonce, ...(await answer(form.parameters))])
    const headers = { ...privateHeaders, 'content-type': 'application/jose' }
    return new Response(sealed, { status: 200, headers })
  }
}

/** The position to go on from, whether there is more, and instant and mark of each ending, in turn. */
function describeEndings(endedSessions: EndedSessions | undefined, after: string): Content {
  const { endings, position, isMore } = endedSessions?.since(after, ENDINGS_AT_ONCE) ?? {
    endings: [],
    position: after,
    isMore: false,
  }
  return [
    position,
    isMore,
    ...endings.flatMap(({ at, marks }) => marks.flatMap((mark) => [at, mark])),
  ]
}

/** Token, its end, until when it may be kept, and what its session is ended by; or why there is none. */
function describeReading(reading: AccessTokenReading): Content {
  if (reading.kind !== 'usable') return [reading.kind, reading.reason]
  const { accessToken, dpopKey, expiresAt = null, keptUntil = null, session } = reading
  // A gateway has no keys of the handler, and would send it as a bearer token.
  if (dpopKey !== undefined) return ['unusable', 'The access token is bound to a key.']
  const marks = session === undefined ? [] : [session.startedAt, ...session.marks]
  return ['usable', accessToken, expiresAt, keptUntil, ...marks]
}
