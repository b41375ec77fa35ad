// A request of a signed-in page to an API, as the proxy gets it.
import type { ProxyRequest } from '../../src/proxy/oauth-proxy.ts'

/**
 * `GET`s orders.
 *
 * @param cookie - the value of the proxy cookie
 */
export const ordersRequest = (
  cookie: string,
  { target = '/api/orders', headers = [] as readonly string[] } = {},
): ProxyRequest => ({
  method: 'GET',
  target,
  headers: [
    'host',
    'api.app.example',
    'token-handler-version',
    '1',
    'cookie',
    `__Host-Http-th-at=${cookie}`,
    ...headers,
  ],
  connection: { protocol: 'https' },
})
