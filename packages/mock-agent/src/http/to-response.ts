// Where a reply of the mock becomes HTTP.
import { JSON_CONTENT_TYPE } from '@token-handler/contract'
import type { Reply } from '../agent/reply.ts'

/** Turns a reply into a response: JSON, of exactly that content type, never stored. */
export function toResponse({ status, body, headers }: Reply): Response {
  return new Response(JSON.stringify(body), {
    status,
    headers: { 'content-type': JSON_CONTENT_TYPE, 'cache-control': 'no-store', ...headers },
  })
}
