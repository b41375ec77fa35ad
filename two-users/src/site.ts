// One origin with an app, an OAuth Agent that issues real cookies, an API, and a sign-in page.
import { createServer } from 'node:http'
import type { IncomingMessage } from 'node:http'
import { buffer } from 'node:stream/consumers'
import { createMockAgent } from '@token-handler/mock-agent'
import { listen } from 'e2e/listen'

const users = {
  alice: { claims: { sub: 'alice', name: 'Alice' } },
  bob: { claims: { sub: 'bob', name: 'Bob' } },
} as const

export type UserName = keyof typeof users

/** A request that the API has let through. */
export interface ApiCall {
  readonly method: string
  /** Whose access token it came with. */
  readonly user: string
  readonly body: string
}

/** A running site. */
export interface Site {
  readonly url: string
  /** Paths with their files; any other path of a page is `/index.html`. */
  readonly publish: (files: Readonly<Record<string, string>>) => void
  /** Requests to the API since the last time, oldest first. */
  readonly takeApiCalls: () => readonly ApiCall[]
  /** Paths of the agent that were called since the last time, oldest first. */
  readonly takeAgentCalls: () => readonly string[]
  /** The API, or the agent, lets requests wait until the returned function is called. */
  readonly hold: (path: '/api/orders' | '/oauth-agent/session') => () => void
  /** The API cuts the connections of requests that change something, until the returned function is called. */
  readonly cut: () => () => void
  /** Headers of every answer of agent and API, besides their own. */
  readonly setHeaders: (headers: Readonly<Record<string, string>>) => void
  readonly stop: () => Promise<void>
}

const types: Readonly<Record<string, string>> = { js: 'text/javascript', html: 'text/html' }

async function toRequest(incoming: IncomingMessage, origin: string): Promise<Request> {
  const { method = 'GET', url = '/', headers } = incoming
  const body = await buffer(incoming)
  return new Request(new URL(url, origin), {
    method,
    headers: new Headers(Object.entries(headers).map(([name, value]) => [name, String(value)])),
    ...(body.length > 0 && { body: new Uint8Array(body) }),
  })
}

/** Starts the site on a free port of this machine, as a name that browsers take for a secure context. */
export async function startSite(): Promise<Site> {
  let files: Readonly<Record<string, string>> = {}
  let apiCalls: ApiCall[] = []
  let agentCalls: string[] = []
  let isCut = false
  let headers: Readonly<Record<string, string>> = {}
  const held = new Map<string, Promise<void>>()

  const server = createServer((incoming, outgoing) => {
    void (async () => {
      const request = await toRequest(incoming, url)
      const { pathname } = new URL(request.url)
      if (pathname.startsWith('/oauth-agent/')) agentCalls.push(pathname.slice(13))
      await held.get(pathname)
      if (isCut && pathname.startsWith('/api/') && request.method !== 'GET') {
        outgoing.destroy()
        return
      }
      const answer = await agent.handle(request)
      if (answer) {
        for (const [name, value] of Object.entries(headers)) answer.headers.set(name, value)
        outgoing.writeHead(answer.status, [...answer.headers].flat())
        outgoing.end(Buffer.from(await answer.arrayBuffer()))
        return
      }
      const path = pathname in files ? pathname : '/index.html'
      const type = types[path.split('.').at(-1) ?? ''] ?? 'text/plain'
      outgoing.writeHead(200, {
        'content-type': `${type}; charset=utf-8`,
        'cache-control': 'no-cache',
      })
      outgoing.end(files[path] ?? '')
    })()
  })
  const { port, stop } = await listen(server)
  const url = `http://www.app.localhost:${port}`
  const agent = createMockAgent({
    agentUrl: `${url}/oauth-agent`,
    origin: url,
    redirectUri: `${url}/callback`,
    authorizationServerUrl: `${url}/sign-in`,
    cookies: 'real',
    users,
  })
  agent.protect(`${url}/api/orders`, async ({ request, user, claims }) => {
    apiCalls.push({ method: request.method, user, body: await request.text() })
    return Response.json([{ id: '1', product: `coffee of ${claims.name}` }])
  })

  return {
    url,
    publish(next) {
      files = next
    },
    takeApiCalls() {
      const taken = apiCalls
      apiCalls = []
      return taken
    },
    takeAgentCalls() {
      const taken = agentCalls
      agentCalls = []
      return taken
    },
    hold(path) {
      let release = (): void => {}
      held.set(path, new Promise((resolve) => (release = resolve)))
      return () => {
        held.delete(path)
        release()
      }
    },
    cut() {
      isCut = true
      return () => {
        isCut = false
      }
    },
    setHeaders(next) {
      headers = next
    },
    stop,
  }
}
