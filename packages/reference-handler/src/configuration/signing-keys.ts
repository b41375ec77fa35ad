// Whether a client is given anything signed, so that keys of the authorization server are needed.
import type { Configuration } from './schema.ts'

/** ID tokens come with the scope `openid`; authorization responses are signed where the response mode says so. */
export const needsSigningKeys = ({ responseMode, scope }: Configuration['client']): boolean =>
  scope.split(' ').includes('openid') || responseMode !== 'query'
