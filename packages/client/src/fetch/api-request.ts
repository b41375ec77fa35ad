// A request to an API, in a form that can be sent a second time.
import type { Fetch } from '../platform/platform.ts'

/** A request to an API. */
export interface ApiRequest {
  readonly method: string
  readonly send: () => Promise<Response>
  /** Whether `send` can be called again: a stream can be read only once. */
  readonly isReplayable: boolean
  readonly signal: AbortSignal | undefined
}

/** What a request of this method to an API is sent with, besides the caller's headers. */
export type ApiHeaders = (method: string) => Readonly<Record<string, string>>

// Bodies of these types are made in one piece, so they can be buffered. `Request` does not tell a stream
// from any other body; see decisions/0012.
const BUFFERABLE_BODY = /[/+]json\b|form|^text\//

function isReplayableBody(body: BodyInit): boolean {
  if (typeof body !== 'object') return true
  return !('getReader' in body) && !(Symbol.asyncIterator in body)
}

/**
 * Prepares a request as `fetch` would understand it, with cookies and the profile's headers.
 *
 * @param url - the absolute URL
 * @param apiHeaders - replace the caller's headers of the same name
 */
export function createApiRequest(
  fetch: Fetch,
  url: URL,
  apiHeaders: ApiHeaders,
  input: RequestInfo | URL,
  init: RequestInit = {},
): ApiRequest {
  const request = typeof input === 'object' && 'headers' in input ? input : undefined
  const method = init.method ?? request?.method ?? 'GET'
  const ownBody = init.body ?? undefined
  // Some browsers do not expose whether a Request has a body.
  const mayHaveBody = request?.body !== null && !/^(?:GET|HEAD)$/i.test(method)
  const inner = ownBody === undefined && mayHaveBody ? request : undefined
  const isBufferable = BUFFERABLE_BODY.test(inner?.headers.get('content-type') ?? '')
  let buffered: Promise<Blob> | undefined

  async function send(): Promise<Response> {
    const headers = new Headers(init.headers ?? request?.headers)
    for (const [name, value] of Object.entries(apiHeaders(method))) headers.set(name, value)
    const finalInit: RequestInit = { ...init, headers, credentials: 'include' }
    if (inner && isBufferable) finalInit.body = await (buffered ??= inner.blob())
    return fetch(request ?? url.href, finalInit)
  }

  return {
    method,
    send,
    isReplayable: ownBody === undefined ? !inner || isBufferable : isReplayableBody(ownBody),
    signal: (init.signal === undefined ? request?.signal : init.signal) ?? undefined,
  }
}
