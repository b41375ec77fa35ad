// What all calls to the authorization server have in common.
import * as oauth from 'oauth4webapi'
import type { Configuration } from '../configuration/schema.ts'
import { isConfidential } from '../configuration/urls.ts'
import type { Ports } from '../ports.ts'
import { UnusableAnswer } from './classify-failure.ts'
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

/** Creates the protocol of a configuration. */
export function createProtocol(configuration: Configuration, ports: Ports): Protocol {
  const { client } = configuration
  return {
    client: { client_id: client.id },
    authentication: createClientAuthentication(client),
    requestOptions: (signal) => ({
      signal,
      [oauth.customFetch]: async (url, { body = null, ...init }) => {
        if (!isConfidential(url)) {
          throw new UnusableAnswer('its metadata names an endpoint that is not https.')
        }
        return await ports.fetch(url, { ...init, body })
      },
      // Plain http is judged above, for each URL: it is for this machine only.
      [oauth.allowInsecureRequests]: true,
    }),
  }
}
