// What all calls to the authorization server have in common.
import * as oauth from 'oauth4webapi'
import type { Configuration } from '../configuration/schema.ts'
import type { Ports } from '../ports.ts'
import { createClientAuthentication } from './client-authentication.ts'

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

/** Plain http is for authorization servers on this machine: the configuration accepts no other http URL. */
function usesPlainHttp(authorizationServer: Configuration['authorizationServer']): boolean {
  return Object.values(authorizationServer).some(
    (value) => typeof value === 'string' && /^http:/i.test(value),
  )
}

/** Creates the protocol of a configuration. */
export function createProtocol(configuration: Configuration, ports: Ports): Protocol {
  const { authorizationServer, client } = configuration
  const allowInsecureRequests = usesPlainHttp(authorizationServer)
  return {
    client: { client_id: client.id },
    authentication: createClientAuthentication(client),
    requestOptions: (signal) => ({
      signal,
      [oauth.customFetch]: (url, { body = null, ...init }) => ports.fetch(url, { ...init, body }),
      [oauth.allowInsecureRequests]: allowInsecureRequests,
    }),
  }
}
