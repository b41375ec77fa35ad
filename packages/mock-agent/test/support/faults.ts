// Faults to plant into a subject of the conformance suite, from outside: what it receives and what it answers.
import type { Subject } from '@token-handler/conformance'

/** What is different about a faulty subject. */
export type Fault = (subject: Subject) => Partial<Subject>

export const changeRequest =
  (change: (request: Request) => Request): Fault =>
  ({ send }) => ({ send: (request) => send(change(request)) })

export const changeResponse =
  (change: (response: Response, body: string) => Response): Fault =>
  ({ send }) => ({
    send: async (request) => {
      const response = await send(request)
      return change(response, await response.clone().text())
    },
  })

export const withHeader = (request: Request, name: string, value: string): Request => {
  const headers = new Headers(request.headers)
  headers.set(name, value)
  return new Request(request, { headers })
}

export const withoutHeader = (request: Request, name: string): Request => {
  const headers = new Headers(request.headers)
  headers.delete(name)
  return new Request(request, { headers })
}

export const withBody = (response: Response, body: string, headers = response.headers): Response =>
  new Response(body === '' ? null : body, { status: response.status, headers })

export const changedHeader = (response: Response, name: string, value: string): Headers => {
  const headers = new Headers(response.headers)
  headers.set(name, value)
  return headers
}

/** Answers every operation at this path by the first answer it got. */
export const remember =
  (path: string): Fault =>
  ({ send }) => {
    let first: Response | undefined
    return {
      send: async (request) => {
        if (!request.url.endsWith(path)) return send(request)
        first ??= await send(request)
        return first.clone()
      },
    }
  }

/** The browser gets to see changed `Set-Cookie` headers; those that become empty are left out. */
export const changeCookies = (change: (setCookie: string) => string): Fault =>
  changeResponse((response, body) => {
    const headers = new Headers(response.headers)
    headers.delete('set-cookie')
    for (const setCookie of response.headers.getSetCookie().map(change)) {
      if (setCookie !== '') headers.append('set-cookie', setCookie)
    }
    return withBody(response, body, headers)
  })
