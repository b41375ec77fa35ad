// A call of an API by a browser with these cookies, as the proxy gets it.
import type { OAuthProxy } from '../../src/proxy/oauth-proxy.ts'
import { spaOrigin } from './browser.ts'

/** Resolves with what the proxy decides. */
export const callApi = (proxy: OAuthProxy, cookies: ReadonlyMap<string, string>) =>
  proxy.authorize({
    method: 'GET',
    target: '/api/orders',
    headers: [
      'host',
      'api.app.example',
      'origin',
      spaOrigin,
      'token-handler-version',
      '1',
      'cookie',
      [...cookies].map((pair) => pair.join('=')).join('; '),
    ],
    connection: { protocol: 'https' },
  })
