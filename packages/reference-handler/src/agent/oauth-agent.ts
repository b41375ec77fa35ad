// The OAuth Agent: a request passes the guards, an operation decides, and the decision becomes HTTP.
import { tokenHandler1Server } from '@token-handler/contract'
import type { Operation } from '@token-handler/contract'
import type { Configuration } from '../configuration/schema.ts'
import { UNTRUSTED_PREFLIGHT } from '../http/cors.ts'
import { fromFetch, toResponse } from '../http/plain.ts'
import type { PlainAnswer, PlainRequest } from '../http/plain.ts'
import type { Ports, SpanOptions } from '../ports.ts'
import { scheduleWithTimers } from '../schedule.ts'
import { sealerOf } from '../sealing/configured-sealer.ts'
import { openOnce } from '../sealing/open-once.ts'
import { traced } from '../traced.ts'
import { StoreUnavailable } from '../store/store-unavailable.ts'
import { endedSessionsOf } from '../store/ended-sessions.ts'
import { webStoreCrypto } from '../store/store-crypto.ts'
import { createConfiguredCoordinator } from './configured-coordinator.ts'
import { clientsByOrigin } from './clients-by-origin.ts'
import type { AgentContext, AgentInput } from './context.ts'
import { createFurtherEndpoints } from './further-endpoints.ts'
import { admit } from './guards.ts'
import type { Admission } from './guards.ts'
import { logDecision } from './log-decision.ts'
import { endLogin } from './operations/end-login.ts'
import { logout } from './operations/logout.ts'
import { refresh } from './operations/refresh.ts'
import { session } from './operations/session.ts'
import { startLogin } from './operations/start-login.ts'
import { agentFailure, fail, succeed } from './agent-decision.ts'
import type { AgentFailure, OperationDecision, AgentDecision } from './agent-decision.ts'
import { lazyAuthorizationServer } from './lazy-authorization-server.ts'
import { findPlanted } from './planted-cookies.ts'
import { createRateLimits } from './rate-limits.ts'
import { respond, respondToPreflight } from './respond.ts'
import type { Body } from './respond.ts'
import type { RequestSender } from './rate-limits.ts'

/**
 * Answers the requests below the agent's path. Never rejects.
 *
 * @param client - the request's sender, as far as the host knows it
 */
export type OAuthAgent = (request: Request, client?: RequestSender) => Promise<Response>

/**
 * The same for hosts without Fetch: operations are answered as plain data. What is no request of a page is written for
 * Fetch, and answered with a `Response`.
 */
export type PlainAgent = (
  request: PlainRequest,
  client?: RequestSender,
) => Promise<PlainAnswer | Response>

type Decided = Exclude<Admission, { readonly kind: 'preflight' }>

type Perform = (context: AgentContext, input: AgentInput) => Promise<AgentDecision<Body>>

const profile = tokenHandler1Server

const performers: Readonly<Record<Operation, Perform>> = {
  session: encoded('session', session),
  startLogin: encoded('startLogin', startLogin),
  endLogin: encoded('endLogin', endLogin),
  refresh: encoded('refresh', refresh),
  logout: encoded('logout', logout),
}

/** The operation with its result in the words of the wire. */
function encoded<O extends Operation>(
  operation: O,
  perform: (context: AgentContext, input: AgentInput) => Promise<OperationDecision<O>>,
): Perform {
  return async (context, input) => {
    const outcome = await perform(context, input)
    if (outcome.kind === 'failure') return outcome
    return succeed(
      profile.encodeResult(operation, outcome.result),
      outcome.cookies,
      outcome.headers,
    )
  }
}

/**
 * Creates the OAuth Agent of one client at one authorization server, for one or more origins that
 * share their cookies.
 *
 * Whatever is sent, the answer is a result or a documented error as JSON, with CORS headers for
 * trusted origins. The authorization server is first contacted by the first login, refresh or
 * logout, so the agent starts without it.
 *
 * @param configuration - from `parseConfiguration`
 * @param ports - network, clock and log; the others have defaults
 *
 * @example
 * import { readFile } from 'node:fs/promises'
 * import { createOAuthAgent, parseConfiguration } from '@token-handler/reference-handler'
 * import { createLogger, createNodeFetch } from '@token-handler/reference-handler/fastify'
 *
 * const configuration = parseConfiguration(JSON.parse(await readFile('token-handler.json', 'utf8')))
 * const ports = { fetch: createNodeFetch(), now: Date.now, log: createLogger('info') }
 * const agent = createOAuthAgent(configuration, ports)
 * const response = await agent(new Request('https://api.example.com/oauth-agent/session'))
 * console.log(response.status)
 */
export const createOAuthAgent = (configuration: Configuration, ports: Ports): OAuthAgent =>
  overFetch(createPlainAgent(configuration, ports))

/** The agent for hosts that have Fetch. */
export const overFetch =
  (agent: PlainAgent): OAuthAgent =>
  async (request, client) => {
    const answered = await agent(fromFetch(request), client)
    return answered instanceof Response ? answered : toResponse(answered)
  }

/** Creates the agent for hosts without Fetch; see {@link createOAuthAgent}. */
export function createPlainAgent(configuration: Configuration, ports: Ports): PlainAgent {
  const context: AgentContext = {
    configuration,
    authorizationServer: lazyAuthorizationServer(configuration, ports),
    sealer: sealerOf(configuration, ports),
    hash: (ports.storeCrypto ?? webStoreCrypto).hash,
    refreshCoordinator: createConfiguredCoordinator(configuration, ports),
    endedSessions: endedSessionsOf(configuration, ports),
    now: ports.now,
    schedule: ports.schedule ?? scheduleWithTimers,
    log: ports.log,
    onDeviceBinding: ports.onDeviceBinding ?? (() => undefined),
  }
  const further = createFurtherEndpoints(context, ports)

  // A trace of the page, unless the handler begins one of its own.
  const goesOn = configuration.server.traceContext === 'forward'
  const checkRate = createRateLimits(configuration, ports)

  const contexts = new Map(
    [...clientsByOrigin(configuration.client)].map(([origin, client]) => [
      origin,
      { ...context, authorizationServer: lazyAuthorizationServer(configuration, ports, client) },
    ]),
  )

  async function perform(
    asked: AgentContext,
    admission: Decided,
    sender: RequestSender,
  ): Promise<AgentDecision<Body>> {
    if (admission.kind === 'refused') return fail(admission.failure, admission.cookies)
    const excess = await checkRate(admission.operation, sender)
    if (excess !== undefined) return fail(excess)
    return await performers[admission.operation](asked, admission.input)
  }

  async function answer(
    request: PlainRequest,
    client: RequestSender,
  ): Promise<PlainAnswer | Response> {
    const { header } = request
    const answered = await further.get(request.pathname)?.(request.toFetch())
    if (answered !== undefined) return answered
    const admission = await admit(configuration, request)
    if (admission.kind === 'preflight') {
      const { operation } = admission
      const origin = header('origin')
      if (origin !== undefined && !configuration.trustedOrigins.includes(origin)) {
        ports.log.info({ operation, origin }, UNTRUSTED_PREFLIGHT)
      }
      return respondToPreflight(configuration, request, operation)
    }
    const { operation = 'none' } = admission
    const span: SpanOptions = {
      name: `agent ${operation}`,
      kind: 'server',
      attributes: { 'token_handler.operation': operation },
      ...(goesOn && { header }),
    }
    const asked = {
      ...(contexts.get(header('origin') ?? '') ?? context),
      sealer: openOnce(context.sealer),
    }
    const outcome = await traced(ports.trace, span, async ({ fail: failSpan, set }) => {
      const outcome = await perform(asked, admission, client)
      const isFailure = outcome.kind === 'failure'
      set({ 'http.response.status_code': isFailure ? outcome.failure.status : 200 })
      if (isFailure) failSpan(outcome.failure.code)
      return outcome
    })
    logDecision(ports.log, admission.operation, outcome)
    return respond(configuration, request, outcome, await findPlanted(asked, request, outcome))
  }

  return (request, client = {}) =>
    answer(request, client).catch((cause: unknown) => {
      const outcome = fail(failureOf(cause))
      logDecision(ports.log, undefined, outcome)
      return respond(configuration, request, outcome)
    })
}

/** Without its store, a session is neither over nor to be had; everything else is a fault of ours. */
function failureOf(cause: unknown): AgentFailure {
  if (!(cause instanceof StoreUnavailable)) {
    return agentFailure('server_error', 'Unexpected; see the log.', cause)
  }
  const failure = agentFailure('temporarily_unavailable', cause.message, cause)
  return { ...failure, headers: { 'retry-after': '1' } }
}
