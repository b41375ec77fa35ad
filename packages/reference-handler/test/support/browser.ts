// A browser as far as the agent can tell: keeps cookies, sends them back with origin and version.
import type { OAuthAgent } from '../../src/agent/oauth-agent.ts'

export const spaOrigin = 'https://www.app.example'
export const agentUrl = 'https://api.app.example/oauth-agent'

/** An answer of the agent, read to the end. */
export interface AgentAnswer {
  readonly status: number
  readonly headers: Headers
  /** Values of all `Set-Cookie` headers. */
  readonly setCookies: readonly string[]
  readonly body: Record<string, unknown>
  readonly text: string
}

export type Form = Record<string, string> | URLSearchParams

/** Creates a browser whose every answer is handed to `observe`. */
export function createBrowser(agent: OAuthAgent, observe: (answer: AgentAnswer) => void) {
  const cookies = new Map<string, string>()

  function keep(setCookie: string): void {
    const [pair = '', ...attributes] = setCookie.split('; ')
    const name = pair.slice(0, pair.indexOf('='))
    const value = pair.slice(pair.indexOf('=') + 1)
    if (attributes.includes('Max-Age=0')) cookies.delete(name)
    else cookies.set(name, value)
  }

  /** Sends a request and reads its answer; `undefined` removes a header. */
  async function send(
    method: string,
    path: string,
    options: { headers?: Record<string, string | undefined>; body?: BodyInit } = {},
  ): Promise<AgentAnswer> {
    const headers = new Headers()
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const all: Record<string, string | undefined> = {
      origin: spaOrigin,
      'token-handler-version': '1',
      ...(cookie !== '' && { cookie }),
      ...options.headers,
    }
    for (const [name, value] of Object.entries(all)) {
      if (value !== undefined) headers.set(name, value)
    }
    const { body } = options
    const request = new Request(agentUrl + path, {
      method,
      headers,
      ...(body !== undefined && { body }),
    })
    const response = await agent(request)
    const text = await response.text()
    const answer: AgentAnswer = {
      status: response.status,
      headers: response.headers,
      setCookies: response.headers.getSetCookie(),
      body: text === '' ? {} : (JSON.parse(text) as Record<string, unknown>),
      text,
    }
    observe(answer)
    return answer
  }

  /** Sends a request and keeps the cookies of its answer. */
  async function sendAndKeep(...parameters: Parameters<typeof send>): Promise<AgentAnswer> {
    const answer = await send(...parameters)
    answer.setCookies.forEach(keep)
    return answer
  }

  return {
    cookies,
    keep,
    /** Sends as given and loses the answer's cookies, as when the connection breaks. */
    send,
    get: (path: string) => sendAndKeep('GET', path),
    post: (path: string, form: Form = {}) => {
      const body = new URLSearchParams(form)
      return sendAndKeep('POST', path, body.size === 0 ? {} : { body })
    },
  }
}

export type Browser = ReturnType<typeof createBrowser>
