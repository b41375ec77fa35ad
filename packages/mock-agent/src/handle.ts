// Request → Response: what a URL means to a mock, and which part answers it.
import { rememberedUser } from './agent/server-state.ts'
import { openPage } from './authorization-server/pages.ts'
import { pageAt } from './authorization-server/urls.ts'
import type { AuthorizationServerPage } from './authorization-server/urls.ts'
import { answerPreflight, isPreflight, withCors } from './http/cors.ts'
import { forward, matches } from './protect.ts'
import type { ProtectedResource } from './protect.ts'
import { createAgentServer } from './serve-agent.ts'
import type { MockParts } from './serve-agent.ts'
import type { MockUsers } from './users.ts'

/** What a URL means to a mock. */
type Target<U extends MockUsers> =
  | { readonly kind: 'agent'; readonly path: string }
  | { readonly kind: 'api'; readonly resource: ProtectedResource<U> }
  | { readonly kind: 'authorization-server'; readonly page: AuthorizationServerPage }
  | undefined

/** A mock's two questions: is this URL mine, and what do I answer? */
export interface Handler {
  readonly handles: (request: Request) => boolean
  readonly handle: (request: Request, pageUrl?: string) => Promise<Response | undefined>
}

/**
 * Builds the handler of one mock.
 *
 * @param resources - the protected resources there are now; the first match answers
 */
export function createHandler<U extends MockUsers>(
  parts: MockParts<U>,
  resources: () => readonly ProtectedResource<U>[],
): Handler {
  const { settings, users, stateStore, cookieStore, clock } = parts
  const { agentUrl, issuer, origin } = settings
  const serveAgent = createAgentServer(parts)

  const targetOf = ({ url }: Request): Target<U> => {
    const resource = resources().find(({ pattern }) => matches(url, pattern))
    if (resource !== undefined) return { kind: 'api', resource }
    const page = pageAt(url, issuer)
    if (page !== undefined) return { kind: 'authorization-server', page }
    if (!matches(url, agentUrl) && !matches(url, `${agentUrl}/*`)) return undefined
    const { pathname } = new URL(url)
    const path = pathname.slice(new URL(agentUrl).pathname.length)
    return { kind: 'agent', path }
  }

  const serveApi = (request: Request, resource: ProtectedResource<U>): Promise<Response> => {
    const state = stateStore.read()
    const cookies = cookieStore.read(state, request)
    const { authorizationServer } = state.servers
    const context = { settings, authorizationServer, now: clock.now(), cookies }
    return forward(request, resource, context)
  }

  const servePage = ({ url }: Request, page: AuthorizationServerPage): Response => {
    const { servers } = stateStore.read()
    const remembered = rememberedUser(servers, settings)
    const context = { users, issuer, rememberedUser: remembered, now: clock.now() }
    const { state: visited, html } = openPage(page, url, servers, context)
    stateStore.update((state) => ({ ...state, servers: visited }))
    const headers = { 'cache-control': 'no-store', 'content-type': 'text/html; charset=utf-8' }
    return new Response(html, { headers })
  }

  return {
    handles: (request) => targetOf(request) !== undefined,
    handle: async (request, pageUrl) => {
      const target = targetOf(request)
      switch (target?.kind) {
        case undefined:
          return undefined
        case 'authorization-server':
          return servePage(request, target.page)
        case 'agent':
          return withCors(await serveAgent(request, target.path, pageUrl), request, origin)
        case 'api':
          if (isPreflight(request)) return answerApiPreflight(request, origin)
          return withCors(await serveApi(request, target.resource), request, origin)
      }
    },
  }
}

/** Allows the SPA whatever it asks for: what each header may say is the API's affair. */
function answerApiPreflight(request: Request, origin: string): Response {
  const { headers } = request
  return answerPreflight(request, origin, {
    method: headers.get('access-control-request-method') ?? '',
    headers: (headers.get('access-control-request-headers') ?? '').split(','),
  })
}
