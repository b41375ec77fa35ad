// CORS, the browser's side: when to ask first, and what a page may then read.

const SAFELISTED_METHODS = ['GET', 'HEAD', 'POST']
const SAFELISTED_REQUEST_HEADERS = ['accept', 'accept-language', 'content-language']
const SAFELISTED_CONTENT_TYPES = [
  'application/x-www-form-urlencoded',
  'multipart/form-data',
  'text/plain',
]
const SAFELISTED_RESPONSE_HEADERS = [
  'cache-control',
  'content-language',
  'content-length',
  'content-type',
  'expires',
  'last-modified',
  'pragma',
]

function isSafelistedHeader(name: string, value: string): boolean {
  if (SAFELISTED_REQUEST_HEADERS.includes(name)) return true
  const type = value.split(';', 1)[0]?.trim().toLowerCase() ?? ''
  return name === 'content-type' && SAFELISTED_CONTENT_TYPES.includes(type)
}

/**
 * The preflight that has to go before a request of another origin.
 *
 * @param request - as the page made it, without the headers that browsers add
 * @returns the preflight, or `undefined` when none is needed
 * @see {@link https://fetch.spec.whatwg.org/#cors-preflight-fetch Fetch section 4.9}
 */
export function preflightFor(request: Request, origin: string): Request | undefined {
  const unsafeHeaders = [...request.headers]
    .filter(([name, value]) => !isSafelistedHeader(name, value))
    .map(([name]) => name)
    .sort()
  if (SAFELISTED_METHODS.includes(request.method) && unsafeHeaders.length === 0) return undefined
  return new Request(request.url, {
    method: 'OPTIONS',
    headers: {
      accept: '*/*',
      origin,
      'access-control-request-method': request.method,
      ...(unsafeHeaders.length > 0 && {
        'access-control-request-headers': unsafeHeaders.join(','),
      }),
    },
  })
}

const listed = (headers: Headers, name: string): readonly string[] =>
  (headers.get(name) ?? '').split(',').map((item) => item.trim())

/**
 * Why a page of this origin may not read a response to a request with credentials, or `undefined`.
 * With credentials, no header may be a wildcard.
 */
export function whyUnreadable(response: Response, origin: string): string | undefined {
  const allowed = response.headers.get('access-control-allow-origin')
  if (allowed !== origin) return `Access-Control-Allow-Origin is ${allowed ?? 'absent'}`
  const credentials = response.headers.get('access-control-allow-credentials')
  if (credentials !== 'true') return 'Access-Control-Allow-Credentials is not "true"'
  return undefined
}

/** Why a preflight's answer does not allow its request, or `undefined` when it does. */
export function whyNotAllowed(
  preflight: Request,
  answer: Response,
  origin: string,
): string | undefined {
  const unreadable = whyUnreadable(answer, origin)
  if (unreadable !== undefined) return unreadable
  if (!answer.ok) return `the preflight's status is ${answer.status}`
  const method = preflight.headers.get('access-control-request-method') ?? ''
  const methods = listed(answer.headers, 'access-control-allow-methods')
  if (!SAFELISTED_METHODS.includes(method) && !methods.includes(method)) {
    return `Access-Control-Allow-Methods does not list ${method}`
  }
  const names = listed(answer.headers, 'access-control-allow-headers').map((name) =>
    name.toLowerCase(),
  )
  const asked = listed(preflight.headers, 'access-control-request-headers')
  const missing = asked.find((name) => name !== '' && !names.includes(name))
  return missing === undefined ? undefined : `Access-Control-Allow-Headers does not list ${missing}`
}

/** The response as a page of another origin sees it: only safelisted and exposed headers. */
export function exposeHeaders(response: Response): Response {
  const exposed = listed(response.headers, 'access-control-expose-headers').map((name) =>
    name.toLowerCase(),
  )
  const readable = [...SAFELISTED_RESPONSE_HEADERS, ...exposed]
  const { status, statusText, body } = response
  const headers = [...response.headers].filter(
    ([name]) => readable.includes(name) && name !== 'set-cookie',
  )
  return new Response(body, { status, statusText, headers })
}
