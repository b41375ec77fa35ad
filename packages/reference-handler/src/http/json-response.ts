// Building the JSON answers of the agent.
import { JSON_CONTENT_TYPE } from '@token-handler/contract'
import { toResponse } from './plain.ts'
import type { PlainAnswer } from './plain.ts'

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
 * Builds a JSON answer. Its content type has no parameters, because clients of the field compare
 * it as text.
 *
 * @param headers - names in lower case
 * @param setCookies - values of `Set-Cookie` headers, one header each
 */
export const jsonAnswer = (
  status: number,
  body: Readonly<Record<string, unknown>>,
  headers: Readonly<Record<string, string>> = {},
  setCookies: readonly string[] = [],
): PlainAnswer => ({
  status,
  headers: { ...headers, ...privateHeaders, 'content-type': JSON_CONTENT_TYPE },
  setCookies,
  body: JSON.stringify(body),
})

/** Builds a JSON response of Fetch, see {@link jsonAnswer}. */
export const jsonResponse = (...input: Parameters<typeof jsonAnswer>): Response =>
  toResponse(jsonAnswer(...input))
