// Preflights of pages that are about to call an API.
import { VERSION_HEADER } from '@token-handler/contract'
import { listHeaderNames, preflightHeaders } from '../http/cors.ts'
import type { Preflight } from './decision.ts'
import type { DecisiveHeaders } from './decisive-headers.ts'
import type { Route } from './routes.ts'

/** @see {@link https://fetch.spec.whatwg.org/#cors-preflight-request Fetch, CORS-preflight request} */
export function isPreflight(method: string, header: DecisiveHeaders): boolean {
  return (
    method === 'OPTIONS' &&
    header('origin') !== undefined &&
    header('access-control-request-method') !== undefined
  )
}

/** Allows a trusted page whatever headers it asks for: what each of them may say is the API's affair. */
export function answerPreflight(
  { methods }: Route,
  header: DecisiveHeaders,
  trustedOrigins: readonly string[],
): Preflight {
  const asked = listHeaderNames(header('access-control-request-headers'))
  const allowance = { methods, headers: [...new Set([VERSION_HEADER, ...asked])] }
  return {
    kind: 'preflight',
    headers: preflightHeaders(header('origin'), trustedOrigins, allowance),
  }
}
