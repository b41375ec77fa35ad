// Building the JSON responses of the agent.
import { JSON_CONTENT_TYPE } from '@token-handler/contract'

/**
 * On every answer: it concerns one user at one moment, and no cache or referrer may keep a trace. Caches
 * that service workers write to do not heed `no-store`, but refuse what varies by everything.
 *
 * @see {@link https://w3c.github.io/ServiceWorker/#cache-put Service Workers, Cache.put}
 */
export const privateHeaders = {
  'cache-control': 'no-store',
  vary: '*',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
}

/**
 * Builds a JSON response. Its content type has no parameters, because clients of the field compare
 * it as text.
 *
 * @param setCookies - values of `Set-Cookie` headers, one header each
 */
export function jsonResponse(
  status: number,
  body: Readonly<Record<string, unknown>>,
  headers: Readonly<Record<string, string>> = {},
  setCookies: readonly string[] = [],
): Response {
  const all = new Headers({ ...headers, ...privateHeaders, 'content-type': JSON_CONTENT_TYPE })
  for (const setCookie of setCookies) all.append('set-cookie', setCookie)
  return new Response(JSON.stringify(body), { status, headers: all })
}
