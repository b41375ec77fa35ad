// A request to an API, in a form that can be sent a second time.
import type { Fetch } from '../platform/platform.ts'

/** A request to an API. */
export interface ApiRequest {
  readonly send: () => Promise<Response>
  /** Whether `send` can be called again: a stream can be read only once. */
  readonly isReplayable: boolean
  readonly signal: AbortSignal | undefined
}

function isReplayableBody(body: BodyInit): boolean {
  if (typeof body !== 'object') return true
  return !('getReader' in body) && !(Symbol.asyncIterator in body)
}

function isReplayableRequest(request: Request): boolean {
  // A Request does not tell what its body was made from, and some browsers not even that it has one.
  return request.body === null || request.method === 'GET' || request.method === 'HEAD'
}

/**
 * Prepares a request as `fetch` would understand it, with cookies and the profile's headers.
 *
 * @param url - the absolute URL
 * @param headers - replace the caller's headers of the same name
 */
export function createApiRequest(
  fetch: Fetch,
  url: URL,
  headers: Readonly<Record<string, string>>,
  input: RequestInfo | URL,
  init: RequestInit = {},
): ApiRequest {
  const request = typeof input === 'object' && 'headers' in input ? input : undefined
  const allHeaders = new Headers(init.headers ?? request?.headers)
  for (const [name, value] of Object.entries(headers)) allHeaders.set(name, value)
  const finalInit: RequestInit = { ...init, headers: allHeaders, credentials: 'include' }
  const isReplayable =
    init.body === undefined || init.body === null
      ? request === undefined || isReplayableRequest(request)
      : isReplayableBody(init.body)
  return {
    send: () => fetch(request ?? url.href, finalInit),
    isReplayable,
    signal: (init.signal === undefined ? request?.signal : init.signal) ?? undefined,
  }
}
