// What all calls to the authorization server have in common.
import * as oauth from 'oauth4webapi'
import type { Configuration } from '../configuration/schema.ts'
import { isCallable } from '../configuration/urls.ts'
import type { Fetch, FetchInit, Ports } from '../ports.ts'
import { traced } from '../traced.ts'
import { UnusableAnswer } from './classify-failure.ts'
import { createClientAuthentication } from './client-authentication.ts'
import { serverTls } from './server-tls.ts'
import { wholeHeaders, wholeResponse } from './whole-response.ts'

/** Options of a single HTTP request. */
export interface RequestOptions {
  readonly signal: AbortSignal
  readonly [oauth.customFetch]: (url: string, init: OAuthInit) => Promise<Response>
  readonly [oauth.allowInsecureRequests]: boolean
}

type OAuthInit = oauth.CustomFetchOptions<string, URLSearchParams | undefined>

/** The client, how it authenticates, and how its requests are sent. */
export interface Protocol {
  readonly client: oauth.Client
  readonly authentication: oauth.ClientAuth
  readonly requestOptions: (signal: AbortSignal) => RequestOptions
}

/** Creates the protocol of a configuration. */
export function createProtocol(configuration: Configuration, ports: Ports): Protocol {
  const { authorizationServer, client } = configuration
  const { certificateFile } = authorizationServer
  const { anonymous, authenticated } = serverTls(authorizationServer)
  return {
    client: {
      client_id: client.id,
      ...(certificateFile !== undefined && { use_mtls_endpoint_aliases: true }),
    },
    authentication: createClientAuthentication(client),
    requestOptions: (signal) => ({
      signal,
      [oauth.customFetch]: async (url, { body = null, ...init }) => {
        if (!isCallable(url, authorizationServer.plainHttpHosts)) {
          throw new UnusableAnswer('its metadata names an endpoint that is not https.')
        }
        const tls = init.method === 'POST' ? authenticated : anonymous
        const { host, pathname } = new URL(url)
        const attributes = {
          'http.request.method': init.method,
          'server.address': host,
          'url.path': pathname,
        }
        const options = { name: init.method, kind: 'client', attributes } as const
        return await traced(ports.trace, options, async (span) => {
          const headers = { ...init.headers, ...span.headers() }
          const response = await send(ports.fetch, url, { ...init, headers, body, ...tls })
          span.set({ 'http.response.status_code': response.status })
          if (response.status >= 400) span.fail(String(response.status))
          return response
        })
      },
      // Plain http is judged above, for each URL: it is for this machine, and for hosts that are configured.
      [oauth.allowInsecureRequests]: true,
    }),
  }
}

async function send(fetch: Fetch, url: string, init: FetchInit): Promise<Response> {
  if (fetch.whole === undefined) return await fetch(url, init)
  const { status, headers, text } = await fetch.whole(url, init)
  return wholeResponse(status, wholeHeaders(headers), text)
}
