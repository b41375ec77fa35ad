// Whether the proxy answers at an API's URL: without a session it has to refuse.
import type { Finding } from '../finding.ts'
import { pageHeaders } from './send.ts'
import type { Send } from './send.ts'

/** Asks an API for something, as a page without a session does. */
export async function examineApi(
  apiUrl: string,
  origin: string,
  send: Send,
): Promise<readonly Finding[]> {
  const { status, json } = await send(apiUrl, { headers: pageHeaders(origin) })
  const code = json?.['error_code']
  if (status === 401 && code === 'unauthorized') return []
  const isProxy = typeof code === 'string'
  return [
    {
      code: 'route_not_found',
      about: apiUrl,
      cause: `GET ${apiUrl} without a session was answered with ${status}${isProxy ? ` ${code.slice(0, 60)}` : ' and no error_code'}; the proxy answers 401 unauthorized where it has a route.`,
      mend: isProxy
        ? 'Add a route for this path to the configuration (TOKEN_HANDLER_ROUTES), or correct the URL.'
        : 'See where the gateway sends this path: requests to APIs have to go through the OAuth Proxy, or no token is added and nobody is kept out.',
    },
  ]
}
