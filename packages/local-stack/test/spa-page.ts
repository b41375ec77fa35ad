// The SPA's page in a user's browser, without the SPA: it calls agent and API as a page would.
import { VERSION, VERSION_HEADER } from '@token-handler/contract'
import type { LocalStack } from '../src/index.ts'
import { signIn } from './authorization-client.ts'
import { createVisitor, open } from './visitor.ts'
import type { Answer } from './visitor.ts'

export interface AgentAnswer extends Answer {
  readonly json: Readonly<Record<string, unknown>>
}

/** Opens the page in a browser of its own. */
export function openPage({ urls }: LocalStack) {
  const visitor = createVisitor()
  const headers = { origin: urls.spa, [VERSION_HEADER]: VERSION }

  async function call(
    method: 'GET' | 'POST',
    path: string,
    parameters: URLSearchParams | Readonly<Record<string, string>> = {},
  ): Promise<AgentAnswer> {
    const body = method === 'POST' ? { body: new URLSearchParams(parameters) } : {}
    const answer = await visitor.exchange(urls.agent + path, { method, headers, ...body })
    return { ...answer, json: JSON.parse(answer.body) as Record<string, unknown> }
  }

  return {
    call,
    visit: visitor.visit,
    cookieValues: () => visitor.cookieValues(new URL(urls.handler).hostname),
    /** Calls the API through the proxy. */
    api: async (path: string): Promise<Answer> => visitor.exchange(urls.api + path, { headers }),
    /** Opens a stream of the API, as `EventSource` does: without headers of its own. */
    async events(path: string) {
      const url = new URL(urls.api + path)
      const fetchMetadata = { origin: urls.spa, 'sec-fetch-site': 'same-site' }
      return open(url, { headers: { ...visitor.cookieHeader(url), ...fetchMetadata } })
    },
    /** Answers the authorization server's pages; resolves with the callback URL. */
    signIn: async (url: string, username?: string) => signIn(visitor, url, username),
    /** Confirms the sign-out; resolves with where that leads. */
    async signOut(logoutUrl: string): Promise<URL> {
      const page = await visitor.visit(logoutUrl)
      return (await visitor.submit(page, '/session/end/confirm', { logout: 'yes' })).url
    },
    /** Signs in from beginning to end; resolves with the callback URL and the agent's answer. */
    async logIn(username?: string) {
      const { json } = await call('POST', '/login/start')
      const url = await signIn(visitor, String(json['authorization_url']), username)
      const ended = await call('POST', '/login/end', url.searchParams)
      if (ended.status !== 200) throw new Error(`The login failed: ${ended.body}`)
      return { url, ended }
    },
  }
}

export type SpaPage = ReturnType<typeof openPage>
