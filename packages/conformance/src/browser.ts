// A browser of one user, in a few lines: cookies, origins, CORS. Stricter than any real one where they differ.
import type { Operation } from '@token-handler/contract'
import { tokenHandler1 } from '@token-handler/contract'
import type { OperationInput } from '@token-handler/contract'
import { createCookieJar } from './cookie-jar.ts'
import { exposeHeaders, preflightFor, whyNotAllowed, whyUnreadable } from './cors.ts'
import type { Cookie, RefusedCookie } from './set-cookie.ts'
import { relate } from './site.ts'
import type { SiteRelation } from './site.ts'
import type { Subject } from './subject.ts'

/** A page that is open in a browser. */
export interface Page {
  /**
   * The page's own `fetch`, always in CORS mode. Rejects with a `TypeError` whose message says why, where
   * a real browser only says "Failed to fetch".
   */
  readonly fetch: (url: string, init?: RequestInit) => Promise<Response>
  /** Calls an operation of the agent as profile `token-handler-1` says. */
  readonly call: (operation: Operation, parameters?: URLSearchParams) => Promise<Response>
  /** `document.cookie`. */
  readonly documentCookie: () => string
}

/** What went over the wire, before CORS hides any of it from pages. */
export interface Exchange {
  readonly method: string
  readonly url: string
  readonly status: number
  readonly headers: Headers
  /** Empty for an event stream, which has no end. */
  readonly body: string
}

/** The browser of one user. */
export interface UserBrowser {
  /** Opens a page of an origin. */
  readonly open: (origin: string) => Page
  /**
   * Sends a request that no browser would stop, with this browser's cookies (unless `init` has a `cookie`
   * header) and with no other header than `init` says.
   */
  readonly sendRaw: (url: string, init?: RequestInit) => Promise<Response>
  readonly cookies: () => readonly Cookie[]
  readonly refusedCookies: () => readonly RefusedCookie[]
  /** Everything sent so far, preflights included. */
  readonly exchanges: () => readonly Exchange[]
}

const isEventStream = ({ headers }: Response): boolean =>
  headers.get('content-type')?.startsWith('text/event-stream') === true

/** The page's headers, and those that browsers add and pages cannot set. */
function headersToSend(request: Request, page: URL, relation: SiteRelation): Headers {
  const headers = new Headers(request.headers)
  headers.set('sec-fetch-site', relation)
  headers.set('sec-fetch-mode', 'cors')
  headers.set('sec-fetch-dest', 'empty')
  const isRead = request.method === 'GET' || request.method === 'HEAD'
  if (relation !== 'same-origin' || !isRead) headers.set('origin', page.origin)
  return headers
}

/**
 * Creates a browser with an empty cookie jar.
 *
 * @param subject - whom it talks to. Without the capability `cors` a subject is taken to be on the SPA's
 *   own origin: then there are no preflights, and every answer is readable
 * @param now - the clock, in milliseconds since the epoch
 *
 * @example
 * import { createUserBrowser } from '@token-handler/conformance'
 * import type { Subject } from '@token-handler/conformance'
 *
 * export async function isSignedOut(subject: Subject): Promise<boolean> {
 *   const page = createUserBrowser(subject).open('https://www.example.com')
 *   const response = await page.fetch('https://api.example.com/oauth-agent/session')
 *   return response.status === 200
 * }
 */
export function createUserBrowser(
  subject: Subject,
  now: () => number = () => Date.now(),
): UserBrowser {
  const jar = createCookieJar(now)
  const hasCors = subject.capabilities.has('cors')
  let exchanges: readonly Exchange[] = []

  /** Without a relation, the request was made without credentials, and its answer sets no cookies. */
  const send = async (request: Request, relation?: SiteRelation): Promise<Response> => {
    const { method, url } = request
    const response = await subject.send(request)
    const { status, headers } = response
    if (relation !== undefined) jar.store(headers.getSetCookie(), new URL(url), relation)
    const body = isEventStream(response) ? '' : await response.clone().text()
    exchanges = [...exchanges, { method, url, status, headers, body }]
    return response
  }

  const fetchFrom = async (page: URL, url: string, init: RequestInit): Promise<Response> => {
    const request = new Request(new URL(url, page), init)
    const target = new URL(request.url)
    const relation = relate(page, target)
    const crossOrigin = relation !== 'same-origin'
    const fail = (reason: string): never => {
      throw new TypeError(`Failed to fetch ${request.method} ${url} from ${page.origin}: ${reason}`)
    }

    const preflight = crossOrigin && hasCors ? preflightFor(request, page.origin) : undefined
    if (preflight !== undefined) {
      const refusal = whyNotAllowed(preflight, await send(preflight), page.origin)
      if (refusal !== undefined) fail(refusal)
    }

    const { credentials } = request
    const withCookies = credentials === 'include' || (credentials === 'same-origin' && !crossOrigin)
    const headers = headersToSend(request, page, relation)
    const cookie = withCookies ? jar.header(target, relation) : ''
    if (cookie !== '') headers.set('cookie', cookie)
    const complete = new Request(request, { headers })

    const response = await send(complete, withCookies ? relation : undefined)
    if (!crossOrigin || !hasCors) return response
    const refusal = whyUnreadable(response, page.origin)
    return refusal === undefined ? exposeHeaders(response) : fail(refusal)
  }

  const open = (origin: string): Page => {
    const page = new URL(origin)
    const fetch: Page['fetch'] = (url, init = {}) => fetchFrom(page, url, init)
    return {
      fetch,
      call: (operation, parameters) => {
        const input: OperationInput = parameters === undefined ? {} : { parameters }
        const { path, ...init } = tokenHandler1.encodeRequest(operation, input)
        return fetch(subject.agentUrl + path, { ...init, credentials: 'include' })
      },
      documentCookie: () => jar.scriptVisible(page),
    }
  }

  return {
    open,
    sendRaw: (url, init = {}) => {
      const headers = new Headers(init.headers)
      const cookie = jar.header(new URL(url), 'same-origin')
      if (!headers.has('cookie') && cookie !== '') headers.set('cookie', cookie)
      return send(new Request(url, { credentials: 'include', ...init, headers }), 'same-origin')
    },
    cookies: jar.cookies,
    refusedCookies: jar.refused,
    exchanges: () => exchanges,
  }
}
