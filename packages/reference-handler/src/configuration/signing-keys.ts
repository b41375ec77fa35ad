// Whether a client is given anything signed, so that keys of the authorization server are needed.
import type { Configuration } from './schema.ts'

/** Whether the scope makes an authorization request one of OpenID Connect, which brings an ID token. */
export const requestsIdToken = ({ scope }: Pick<Configuration['client'], 'scope'>): boolean =>
  scope.split(' ').includes('openid')

/** ID tokens come with the scope `openid`; authorization responses are signed where the response mode says so. */
export const needsSigningKeys = (client: Configuration['client']): boolean =>
  requestsIdToken(client) || client.responseMode !== 'query'
