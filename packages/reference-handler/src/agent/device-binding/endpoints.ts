// The two endpoints that browsers call by themselves, with rules of their own; see decisions/0027.
import { deviceBindingPaths } from '@token-handler/contract'
import { findCookies, repeatedNames, serializeCookie } from '../../http/cookies.ts'
import { jsonResponse, privateHeaders } from '../../http/json-response.ts'
import type { AgentContext } from '../context.ts'
import { describeError } from '../describe-error.ts'
import type { BindingAnswer, BindingInput } from './binding-answer.ts'
import { identifierOf } from './identifier.ts'
import { prove } from './prove.ts'
import { register } from './register.ts'

/** Answers requests for the two endpoints, and no others. Never rejects. */
export type DeviceBinding = (request: Request) => Promise<Response> | undefined

/**
 * Creates the endpoints; where device binding is off, there are none. They are for the browser's own requests, which have
 * neither the version header nor the origin of a page. Any status of the 400s but 403 with a challenge ends a session in
 * the browser for good, so there is no other: a refusal is a 200 that says that it is over, and whatever is down, a 503.
 *
 * @see {@link https://w3c.github.io/webappsec-dbsc/#algo-refresh Device Bound Session Credentials, session refresh}
 */
export function createDeviceBinding(context: AgentContext): DeviceBinding {
  const { agentPath, deviceBinding } = context.configuration
  const endpoints =
    deviceBinding.mode === 'off'
      ? []
      : [
          { path: agentPath + deviceBindingPaths.register, decide: register },
          { path: agentPath + deviceBindingPaths.refresh, decide: prove },
        ]
  return (request) => {
    const { pathname } = new URL(request.url)
    const decide = endpoints.find(({ path }) => path === pathname)?.decide
    return decide && answer(context, request, decide)
  }
}

type Decide = (context: AgentContext, input: BindingInput) => Promise<BindingAnswer>

async function answer(context: AgentContext, request: Request, decide: Decide): Promise<Response> {
  // A page's preflight: it is granted nothing.
  if (request.method === 'OPTIONS') {
    return new Response(null, { status: 204, headers: privateHeaders })
  }
  const decided = await decideSafely(context, request, decide)
  report(context, request, decided)
  return respond(context, request, decided)
}

async function decideSafely(
  context: AgentContext,
  request: Request,
  decide: Decide,
): Promise<BindingAnswer> {
  if (request.method !== 'POST') {
    return { kind: 'down', details: 'A browser sends POST here: something on the way changed it.' }
  }
  if (isOfPage(request)) {
    return { kind: 'down', details: 'A page has sent this, and no browser by itself.' }
  }
  const all = findCookies(request.headers.get('cookie'), context.configuration.cookies.prefix)
  if (repeatedNames(all).length > 0) {
    return { kind: 'down', details: 'Two cookies have the same name: one of them was planted.' }
  }
  try {
    return await decide(context, { request, cookies: new Map(all) })
  } catch (cause) {
    return { kind: 'down', details: 'Unexpected, or the store is away.', cause }
  }
}

/**
 * Whether a script or a navigation has sent the request. A script can add a header of ours only in the modes that are
 * named here.
 *
 * @see {@link https://www.w3.org/TR/fetch-metadata/#sec-fetch-mode-header Fetch Metadata, Sec-Fetch-Mode}
 */
const isOfPage = ({ headers }: Request): boolean =>
  /^(?:cors|same-origin|navigate|websocket)$/.test(headers.get('sec-fetch-mode') ?? '')

function report(
  { log, onDeviceBinding }: AgentContext,
  request: Request,
  answer: BindingAnswer,
): void {
  const { pathname } = new URL(request.url)
  switch (answer.kind) {
    case 'bound':
      onDeviceBinding(answer.event)
      return log.debug({ pathname }, 'device binding: proven')
    case 'challenge':
      onDeviceBinding('challenged')
      return log.debug({ pathname }, 'device binding: a proof is asked for')
    case 'over':
      onDeviceBinding(answer.event)
      return log.info({ pathname, details: answer.details }, 'device binding: not bound')
    case 'down': {
      const { details, cause } = answer
      return log.warn({ pathname, details, causes: describeError(cause) }, 'device binding failed')
    }
  }
  return answer satisfies never
}

function respond(
  { configuration: { cookies } }: AgentContext,
  request: Request,
  answer: BindingAnswer,
): Response {
  switch (answer.kind) {
    case 'bound': {
      const setCookies = answer.cookies.map((cookie) => serializeCookie(cookie, cookies))
      return jsonResponse(200, answer.body, answer.headers, setCookies)
    }
    case 'challenge':
      return jsonResponse(403, {}, answer.headers)
    case 'over': {
      // A registration has no identifier yet.
      const identifier = identifierOf(request)
      return jsonResponse(200, {
        ...(identifier !== undefined && { session_identifier: identifier }),
        continue: false,
      })
    }
    case 'down':
      return jsonResponse(503, {}, { 'retry-after': '5' })
  }
  return answer satisfies never
}
