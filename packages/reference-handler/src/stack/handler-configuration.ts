// The configuration of the handler in the local stack.
import { randomBytes } from 'node:crypto'
import type { ConfigurationInput } from '../configuration/schema.ts'
import { scopes } from './authorization-server/grants.ts'
import type { RegisteredClient } from './authorization-server/provider.ts'

/** What the configuration rests on. */
export interface HandlerSurroundings {
  readonly issuer: string
  readonly client: RegisteredClient
  readonly apiUrl: string
  readonly port: number
}

/** A configuration with fresh secrets: cookies of an earlier start open no more. */
export function configureHandler({
  issuer,
  client,
  apiUrl,
  port,
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
    // Access tokens are made to expire at will here, so none is too fresh to be refreshed.
    refresh: { freshFor: 0 },
    server: { port, drainFor: 0 },
  }
}
