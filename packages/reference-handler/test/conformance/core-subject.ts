// Agent core and proxy core, called as functions, as a subject of the conformance suite.
import type { EchoedRequest, Subject } from '@token-handler/contract/conformance'
import { createOAuthAgent } from '../../src/agent/oauth-agent.ts'
import { createOAuthProxy } from '../../src/proxy/authorize.ts'
import { answerDecision } from '../../src/proxy/decision.ts'
import type { Forward } from '../../src/proxy/decision.ts'
import { createTestAuthorizationServer } from '../support/authorization-server.ts'
import { agentUrl, spaOrigin } from '../support/browser.ts'
import { createTestConfiguration } from '../support/world.ts'

const apiUrl = 'https://api.app.example/api/echo'

/** What an API behind the proxy would say that shows what it received. */
function echo(method: string, { path, headers }: Forward): EchoedRequest {
  const received = headers.map(([name, value]) => {
    const lower = name.toLowerCase()
    return [lower, lower === 'authorization' ? (value.split(' ', 1)[0] ?? '') : value] as const
  })
  return { method, url: path, headers: Object.fromEntries(received) }
}

/** Creates agent, proxy, authorization server and clock. Time passes when access tokens must expire. */
export async function createCoreSubject(): Promise<Subject> {
  const clock = { now: Date.now() }
  const now = (): number => clock.now
  const server = await createTestAuthorizationServer({ now, expiresIn: 300 })
  const configuration = createTestConfiguration({
    configuration: { routes: [{ path: '/api', upstream: 'http://127.0.0.1:3002' }] },
  })
  const silent = (): void => {}
  const log = { debug: silent, info: silent, warn: silent, error: silent }
  const agent = createOAuthAgent(configuration, { fetch: server.fetch, now, log })
  const proxy = createOAuthProxy(configuration, { now })

  const callApi = async (request: Request): Promise<Response> => {
    const { host, pathname, search } = new URL(request.url)
    const decision = await proxy.authorize({
      method: request.method,
      target: pathname + search,
      headers: [['host', host], ...request.headers],
      connection: { address: '127.0.0.1', protocol: 'https' },
    })
    if (decision.kind !== 'forward') return answerDecision(decision, false)
    const upstream = Response.json(echo(request.method, decision))
    const headers = proxy.responseHeaders(decision, [...upstream.headers])
    return new Response(upstream.body, { headers: headers.map(([name, value]) => [name, value]) })
  }

  return {
    name: 'the core',
    agentUrl,
    apiUrl,
    origin: spaOrigin,
    capabilities: new Set([
      'cookies',
      'cors',
      'origin-required',
      'proxy',
      'echo',
      'expire-access-token',
      'end-session',
    ]),
    send: (request) => (request.url.startsWith(agentUrl) ? agent(request) : callApi(request)),
    authenticate: async (authorizationUrl, { user = 'first', error } = {}) => {
      const parameters = server.authenticate(authorizationUrl, user === 'first' ? 'alice' : 'bob')
      if (error !== undefined) {
        parameters.delete('code')
        parameters.set('error', error)
      }
      return `https://www.app.example/callback?${parameters.toString()}`
    },
    expireAccessToken: async () => {
      clock.now += 301_000
    },
    endSession: async () => server.endAllGrants(),
  }
}
