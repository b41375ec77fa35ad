// The mock as a subject of the conformance suite, in both of its modes.
import type { Capability, EchoedRequest, Subject } from '@token-handler/conformance'
import { createMockAgent } from '@token-handler/mock-agent'
import type { MockAgentOptions } from '@token-handler/mock-agent'
import { agentUrl, origin, users } from './test-agent.ts'

const apiUrl = 'https://api.example.com/api/me'
const streamUrl = 'https://api.example.com/api/stream'

type ModeOptions = Pick<MockAgentOptions<typeof users>, 'cookies' | 'responseMode'>

async function echo(request: Request): Promise<Response> {
  const { pathname, search } = new URL(request.url)
  const headers = Object.fromEntries(request.headers)
  const { authorization = '' } = headers
  const echoed: EchoedRequest = {
    method: request.method,
    url: pathname + search,
    headers: { ...headers, authorization: authorization.split(' ', 1)[0] ?? '' },
  }
  return Response.json(echoed)
}

/** Says one thing, and does not end. */
const stream = (): Response =>
  new Response(
    new ReadableStream({
      start: (controller) => controller.enqueue(new TextEncoder().encode('data: 1\n\n')),
    }),
    { headers: { 'content-type': 'text/event-stream' } },
  )

function createSubject(
  name: string,
  options: ModeOptions,
  capabilities: readonly Capability[],
): Subject {
  const agent = createMockAgent({ agentUrl, origin, users, ...options })
  agent.protect(`${apiUrl}*`, ({ request }) => echo(request))
  agent.protect(streamUrl, stream)
  return {
    name,
    agentUrl,
    apiUrl,
    streamUrl,
    origin,
    capabilities: new Set(capabilities),
    send: async (request) =>
      (await agent.handle(request)) ?? Promise.reject(new Error(`not handled: ${request.url}`)),
    authenticate: async (authorizationUrl, { user = 'first', error } = {}) =>
      agent.completeLogin(
        authorizationUrl,
        error === undefined ? { user: user === 'first' ? 'alice' : 'bob' } : { error },
      ),
    expireAccessToken: async () => agent.expireAccessToken(),
    endSession: async () => agent.expireSession(),
  }
}

/** A fresh mock with one virtual browser: nothing that needs cookies or an `Origin` can be seen there. */
export const createVirtualSubject = (): Subject =>
  createSubject('the mock with one virtual browser', {}, [
    'proxy',
    'expire-access-token',
    'end-session',
    'refresh-rotation',
    'response-issuer',
    'streaming',
  ])

/** A fresh mock with real cookies: everything that the agent itself can do. */
export const createRealSubject = (): Subject =>
  createSubject('the mock with real cookies', { cookies: 'real' }, [
    'cookies',
    'cors',
    'origin-required',
    'empty-origin',
    'proxy',
    'echo',
    'expire-access-token',
    'end-session',
    'refresh-rotation',
    'response-issuer',
    'streaming',
  ])

/** A fresh mock whose authorization server signs its responses. */
export const createJarmSubject = (): Subject =>
  createSubject('the mock with signed responses', { responseMode: 'jwt' }, ['jarm', 'proxy'])
