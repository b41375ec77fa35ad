// CORS for the SPA's origin, and for no other.

/** Copies a response and adds what lets the SPA, and no other page, read it. */
export function withCors(response: Response, request: Request, origin: string): Response {
  // A network error has no headers, and none can be added.
  if (response.type === 'error') return response
  const copy = new Response(response.body, response)
  copy.headers.set('vary', 'Origin')
  if (request.headers.get('origin') !== origin) return copy
  copy.headers.set('access-control-allow-origin', origin)
  copy.headers.set('access-control-allow-credentials', 'true')
  copy.headers.set('access-control-expose-headers', 'WWW-Authenticate, Retry-After')
  return copy
}

/** @see {@link https://fetch.spec.whatwg.org/#cors-preflight-request Fetch, CORS-preflight request} */
export function isPreflight({ method, headers }: Request): boolean {
  return (
    method === 'OPTIONS' && headers.has('origin') && headers.has('access-control-request-method')
  )
}

/**
 * Answers a preflight; one of another origin learns nothing, so its browser sends nothing.
 *
 * @param allowance - what the SPA may send
 */
export function answerPreflight(
  request: Request,
  origin: string,
  allowance: { readonly method: string; readonly headers: readonly string[] },
): Response {
  const response = withCors(new Response(null, { status: 204 }), request, origin)
  if (request.headers.get('origin') !== origin) return response
  response.headers.set('access-control-allow-methods', allowance.method)
  response.headers.set('access-control-allow-headers', allowance.headers.join(', '))
  return response
}
