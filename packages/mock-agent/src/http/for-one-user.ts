// What the proxy tells caches about the answer of an API.

/** Shared with all users, by the API's own word. */
const isShared = (cacheControl: string): boolean =>
  /\b(?:public|s-maxage=[1-9])/i.test(cacheControl) &&
  !/\b(?:private|no-store)\b/i.test(cacheControl)

/**
 * Copies an answer and says that it is for one user, unless the API shares it: what the API makes of the
 * access token, caches take for a matter of the cookie.
 */
export function forOneUser(response: Response): Response {
  // A network error has no headers, and none can be added.
  if (response.type === 'error') return response
  const cacheControl = response.headers.get('cache-control') ?? ''
  const vary = response.headers.get('vary') ?? ''
  const isByToken = /\bauthorization\b/i.test(vary)
  const copy = new Response(response.body, response)
  if (vary !== '*' && (isByToken || !isShared(cacheControl))) copy.headers.append('vary', 'Cookie')
  if (isShared(cacheControl) || /\b(?:private|no-store)\b/i.test(cacheControl)) return copy
  copy.headers.append('cache-control', 'private')
  return copy
}
