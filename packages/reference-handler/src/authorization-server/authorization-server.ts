// The authorization server as the agent sees it: five requests, each of which may fail.
import { isHttpUrl } from '@token-handler/contract'
import * as oauth from 'oauth4webapi'
import type { Configuration } from '../configuration/schema.ts'
import type { Ports } from '../ports.ts'
import { attempt } from './attempt.ts'
import type { Attempt } from './attempt.ts'
import { authorizationUrl, createTransaction } from './authorization-request.ts'
import type { Transaction } from './authorization-request.ts'
import { createMetadataSource } from './metadata.ts'
import type { Metadata } from './metadata.ts'
import { createProtocol } from './protocol.ts'
import { exchangeCode, exchangeRefreshToken } from './tokens.ts'
import type { TokenSet } from './tokens.ts'

/** The requests to one authorization server. None of them rejects. */
export interface AuthorizationServer {
  /**
   * Begins a login.
   *
   * @param extra - parameters to add to the authorization request, already checked
   */
  readonly startAuthorization: (
    extra: URLSearchParams,
  ) => Promise<Attempt<{ readonly url: string; readonly transaction: Transaction }>>
  /** Ends a login: checks the response to the transaction's request, and gets the tokens. */
  readonly endAuthorization: (
    response: URLSearchParams,
    transaction: Transaction,
  ) => Promise<Attempt<TokenSet>>
  /** Gets new tokens for the user with this `sub`. */
  readonly refresh: (refreshToken: string, subject: unknown) => Promise<Attempt<TokenSet>>
  /** Revokes a refresh token, where the authorization server has an endpoint for it. */
  readonly revoke: (refreshToken: string) => Promise<Attempt<void>>
  /** Resolves with the URL that ends the user's session there, when there is such a thing. */
  readonly endSessionUrl: () => Promise<Attempt<string | undefined>>
}

/** Creates the requests to the authorization server of a configuration. */
export function createAuthorizationServer(
  configuration: Configuration,
  ports: Ports,
): AuthorizationServer {
  const { client } = configuration
  const protocol = createProtocol(configuration, ports)
  const metadataSource = createMetadataSource(
    configuration.authorizationServer,
    protocol,
    ports.now,
  )

  /** Each request has the configured time for everything it takes, discovery included. */
  const request = <T>(action: (metadata: Metadata, signal: AbortSignal) => T | Promise<T>) =>
    attempt(configuration.authorizationServer.timeout, async (signal) =>
      action(await metadataSource(signal), signal),
    )

  return {
    startAuthorization: (extra) =>
      request(async (metadata) => {
        const transaction = createTransaction(extra)
        const url = await authorizationUrl(metadata, client, transaction, extra)
        return { url, transaction }
      }),

    endAuthorization: (response, transaction) =>
      request((metadata, signal) =>
        exchangeCode({ metadata, protocol, signal }, client, transaction, response),
      ),

    refresh: (refreshToken, subject) =>
      request((metadata, signal) =>
        exchangeRefreshToken({ metadata, protocol, signal }, refreshToken, subject),
      ),

    revoke: (refreshToken) =>
      request(async (metadata, signal) => {
        if (metadata.revocation_endpoint === undefined) return
        const response = await oauth.revocationRequest(
          metadata,
          protocol.client,
          protocol.authentication,
          refreshToken,
          {
            ...protocol.requestOptions(signal),
            additionalParameters: { token_type_hint: 'refresh_token' },
          },
        )
        await oauth.processRevocationResponse(response)
      }),

    endSessionUrl: () => request((metadata) => endSessionUrl(metadata, client)),
  }
}

/** @see {@link https://openid.net/specs/openid-connect-rpinitiated-1_0.html#RPLogout OpenID Connect RP-Initiated Logout section 2} */
function endSessionUrl(metadata: Metadata, client: Configuration['client']): string | undefined {
  if (!isHttpUrl(metadata.end_session_endpoint)) return undefined
  const url = new URL(metadata.end_session_endpoint)
  url.searchParams.set('client_id', client.id)
  if (client.postLogoutRedirectUri !== undefined) {
    url.searchParams.set('post_logout_redirect_uri', client.postLogoutRedirectUri)
  }
  return url.href
}
