// Agent core and proxy core, called as functions, as a subject of the conformance suite.
import type { EchoedRequest, Subject } from '@token-handler/conformance'
import { createOAuthAgent } from '../../src/agent/oauth-agent.ts'
import type { Ports } from '../../src/ports.ts'
import { createOAuthProxy } from '../../src/proxy/oauth-proxy.ts'
import { answerDecision } from '../../src/proxy/decision.ts'
import type { Forward } from '../../src/proxy/decision.ts'
import { createTestAuthorizationServer } from '../support/authorization-server.ts'
import { agentUrl, spaOrigin } from '../support/browser.ts'
import { cookieSecret, createTestConfiguration } from '../support/world.ts'
import type { WorldOptions } from '../support/world.ts'

const apiUrl = 'https://api.app.example/api/echo'
const connection = { address: '127.0.0.1', protocol: 'https' } as const

/** What an API behind the proxy would say that shows what it received. */
function echo(method: string, { path, headers }: Forward): EchoedRequest {
  const received = pairs(headers).map(([name, value]) => {
    const lower = name.toLowerCase()
    return [lower, lower === 'authorization' ? (value.split(' ', 1)[0] ?? '') : value] as const
  })
  return { method, url: path, headers: Object.fromEntries(received) }
}

/** Names and values come in turn. */
const pairs = (lines: readonly string[]): [name: string, value: string][] =>
  lines.flatMap((name, index) => (index % 2 === 0 ? [[name, lines[index + 1] ?? '']] : []))

/** Agent and proxy of one configuration, as one function. */
function createCores(options: WorldOptions['configuration'], ports: Ports): Subject['send'] {
  const configuration = createTestConfiguration({
    configuration: { routes: [{ path: '/api', upstream: 'http://127.0.0.1:3002' }], ...options },
  })
  const agent = createOAuthAgent(configuration, ports)
  const proxy = createOAuthProxy(configuration, ports)

  const callApi = async (request: Request): Promise<Response> => {
    const { host, pathname, search } = new URL(request.url)
    const decision = await proxy.authorize({
      method: request.method,
      target: pathname + search,
      headers: ['host', host, ...[...request.headers].flat()],
      connection,
    })
    if (decision.kind === 'tunnel') throw new Error('Requests of this suite open no WebSocket.')
    if (decision.kind !== 'forward') return answerDecision(decision, false)
    const upstream = Response.json(echo(request.method, decision))
    const headers = proxy.responseHeaders(decision, [...upstream.headers].flat())
    return new Response(upstream.body, { headers: pairs(headers) })
  }
  return (request) =>
    request.url.startsWith(agentUrl) ? agent(request, connection) : callApi(request)
}

/** What may differ from one core to another. */
export interface CoreOptions {
  /** The authorization server signs its responses (JARM). */
  readonly jarm?: boolean
  /** Sessions can be bound to devices. */
  readonly deviceBinding?: boolean
}

/** Creates agent, proxy, authorization server and clock. Time passes when access tokens must expire. */
export async function createCoreSubject({
  jarm = false,
  deviceBinding = false,
}: CoreOptions = {}): Promise<Subject> {
  const clock = { now: Date.now() }
  const now = (): number => clock.now
  const server = await createTestAuthorizationServer({ now, expiresIn: 300 })
  const silent = (): void => {}
  const log = { debug: silent, info: silent, warn: silent, error: silent }
  let secrets: readonly string[] = [cookieSecret]
  const ports: Ports = { fetch: server.fetch, now, log, cookieSecrets: () => secrets }
  const client = { responseMode: jarm ? 'jwt' : 'query' } as const
  const options: WorldOptions['configuration'] = {
    client,
    ...(deviceBinding && { deviceBinding: { mode: 'offer' }, refresh: { freshFor: 5 } }),
  }
  let send = createCores(options, ports)

  return {
    name: jarm ? 'the core with signed responses' : 'the core',
    agentUrl,
    apiUrl,
    origin: spaOrigin,
    capabilities: new Set([
      'cookies',
      'cors',
      'origin-required',
      'empty-origin',
      'proxy',
      'echo',
      'expire-access-token',
      'end-session',
      'key-rotation',
      'authorization-server-outage',
      'rate-limit',
      'pkce',
      'response-issuer',
      'refresh-rotation',
      'large-claims',
      'whole-origin',
      ...(jarm ? (['jarm'] as const) : []),
      ...(deviceBinding ? (['device-binding'] as const) : []),
    ]),
    send: (request) => send(request),
    authenticate: async (authorizationUrl, { user = 'first', error } = {}) => {
      if (user === 'large') server.changeIdTokens({ groups: 'x'.repeat(5000) })
      const parameters = server.authenticate(authorizationUrl, user === 'second' ? 'bob' : 'alice')
      if (error !== undefined) {
        parameters.delete('code')
        parameters.set('error', error)
      }
      const query = jarm
        ? new URLSearchParams({ response: await server.sign(Object.fromEntries(parameters)) })
        : parameters
      return `https://www.app.example/callback?${query.toString()}`
    },
    expireAccessToken: async () => {
      clock.now += 301_000
    },
    endSession: async () => {
      // Fresh tokens are not refreshed, where there is time to bind a session in.
      clock.now += 6_000
      server.endAllGrants()
    },
    rotateKeys: async () => {
      secrets = [`a newer ${cookieSecret}`, ...secrets]
    },
    setAvailable: async (_part, available) => {
      const outOfOrder = (): Response => new Response('out of order', { status: 503 })
      for (const name of ['token', 'revocation'] as const) {
        server.override(name, available ? undefined : outOfOrder)
      }
    },
    limitRates: async () => {
      send = createCores(
        { ...options, rateLimits: { loginsPerMinute: 3, refreshesPerMinute: 3 } },
        ports,
      )
    },
  }
}
