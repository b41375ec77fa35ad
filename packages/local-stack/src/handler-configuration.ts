// The configuration of the handler in the local stack.
import { randomBytes } from 'node:crypto'
import type { ConfigurationInput } from '@token-handler/reference-handler'
import { scopes } from './authorization-server/grants.ts'
import type { AccessTokenFormat, RegisteredClient } from './authorization-server/provider.ts'

/** What the configuration rests on. */
export interface HandlerSurroundings {
  readonly issuer: string
  readonly client: RegisteredClient
  readonly apiUrl: string
  readonly port: number
  readonly accessTokenFormat: AccessTokenFormat
}

/** A configuration with fresh secrets: cookies of an earlier start open no more. */
export function configureHandler({
  issuer,
  client,
  apiUrl,
  port,
  accessTokenFormat,
}: HandlerSurroundings): ConfigurationInput {
  return {
    authorizationServer: { issuer },
    client: {
      id: client.id,
      secret: client.secret,
      redirectUri: client.redirectUri,
      postLogoutRedirectUri: client.postLogoutRedirectUri,
      scope: [...scopes.user, ...scopes.api].join(' '),
    },
    cookies: { secrets: [randomBytes(32).toString('base64url')] },
    trustedOrigins: [new URL(client.redirectUri).origin],
    routes: [
      { path: '/api', upstream: apiUrl },
      { path: '/api/events', upstream: `${apiUrl}/events`, eventSource: true },
    ],
    // Access tokens are made to expire at will here, so nothing about them is kept.
    introspection: { enabled: accessTokenFormat === 'opaque', keptFor: 0, inactiveKeptFor: 1 },
    // Access tokens are made to expire at will here, so none is too fresh to be refreshed.
    refresh: { freshFor: 0 },
    server: { port, drainFor: 0 },
  }
}
