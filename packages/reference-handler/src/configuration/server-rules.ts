// Rules about the authorization server: over what its endpoints are called.
import type { Rule } from './rule.ts'
import { isCallable } from './urls.ts'

const called = [
  'issuer',
  'tokenEndpoint',
  'jwksUri',
  'revocationEndpoint',
  'introspectionEndpoint',
  'pushedAuthorizationRequestEndpoint',
] as const

export const endpointsAreConfidential: Rule = {
  about: ['authorizationServer'],
  *mistakes({ authorizationServer }) {
    for (const setting of called) {
      const url = authorizationServer[setting]
      if (url === undefined || isCallable(url, authorizationServer.plainHttpHosts)) continue
      yield {
        path: ['authorizationServer', setting],
        message:
          'must be https, because tokens travel there; http is accepted on localhost, *.localhost and loopback addresses, and on hosts of authorizationServer.plainHttpHosts',
      }
    }
  },
}
