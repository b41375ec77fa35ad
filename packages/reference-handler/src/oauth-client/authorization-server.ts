// The authorization server as the agent sees it: five requests, each of which may fail.
import { isHttpUrl } from '@token-handler/contract'
import * as oauth from 'oauth4webapi'
import type { Configuration } from '../configuration/schema.ts'
import { isConfidential } from '../configuration/urls.ts'
import type { Ports } from '../ports.ts'
import type { Attempt } from './classify-failure.ts'
import { authorizationUrl, createTransaction } from './authorization-request.ts'
import type { Transaction } from './authorization-request.ts'
import { connectionOf } from './connection.ts'
import type { Metadata } from './metadata.ts'
import { readRevocation } from './tolerant-reader.ts'
import { exchangeCode, exchangeRefreshToken } from './tokens.ts'
import type { Refreshed, TokenSet } from './tokens.ts'

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
  /**
   * Gets new tokens for the user with this `sub`. An answer is waited for twice as long as any other: with rotation
   * the session would be lost with it.
   *
   * @param dpopKey - thumbprint of the key that the session is bound to
   */
  readonly refresh: (
    refreshToken: string,
    subject: unknown,
    dpopKey?: string,
  ) => Promise<Attempt<Refreshed>>
  /** Revokes a token, where the authorization server has an endpoint for it. */
  readonly revoke: (token: string, kind: 'access_token' | 'refresh_token') => Promise<Attempt<void>>
  /**
   * Resolves with the URL that ends the user's session there, when there is such a thing.
   *
   * @param idToken - names the session, so that the user need not be asked
   */
  readonly endSessionUrl: (
    idToken: string | undefined,
    parameters: ReadonlyMap<string, string>,
  ) => Promise<Attempt<string | undefined>>
}

/**
 * Creates the requests to the authorization server of a configuration.
 *
 * @param client - in place of the configuration's, with other redirect URIs
 */
export function createAuthorizationServer(
  configuration: Configuration,
  ports: Ports,
  client: Configuration['client'] = configuration.client,
): AuthorizationServer {
  const { authorizationServer } = configuration
  const { protocol, request } = connectionOf(configuration, ports)

  return {
    startAuthorization: (extra) =>
      request(async (endpoint) => {
        const key = await endpoint.dpop?.newest()
        const transaction = createTransaction(client, extra, key?.thumbprint)
        return { url: await authorizationUrl(endpoint, client, transaction, extra), transaction }
      }),

    endAuthorization: (response, transaction) =>
      request((endpoint) => exchangeCode(endpoint, client, transaction, response)),

    refresh: (refreshToken, subject, dpopKey) =>
      request(
        (endpoint) => exchangeRefreshToken(endpoint, client, { refreshToken, subject, dpopKey }),
        authorizationServer.timeout,
      ),

    revoke: (token, kind) =>
      request(async ({ metadata, signal }) => {
        if (metadata.revocation_endpoint === undefined) return
        const response = await oauth.revocationRequest(
          metadata,
          protocol.client,
          protocol.authentication,
          token,
          {
            ...protocol.requestOptions(signal),
            additionalParameters: { token_type_hint: kind },
          },
        )
        await oauth.processRevocationResponse(await readRevocation(response))
      }),

    endSessionUrl: (idToken, parameters) =>
      request(({ metadata }) => endSessionUrl(metadata, client, idToken, parameters)),
  }
}

/** @see {@link https://openid.net/specs/openid-connect-rpinitiated-1_0.html#RPLogout OpenID Connect RP-Initiated Logout section 2} */
function endSessionUrl(
  metadata: Metadata,
  client: Configuration['client'],
  idToken: string | undefined,
  parameters: ReadonlyMap<string, string>,
): string | undefined {
  const { end_session_endpoint: endpoint } = metadata
  // An ID token may be in that URL, so it must not travel in the clear.
  if (!isHttpUrl(endpoint) || !isConfidential(endpoint)) return undefined
  const url = new URL(endpoint)
  url.searchParams.set('client_id', client.id)
  if (client.postLogoutRedirectUri !== undefined) {
    url.searchParams.set('post_logout_redirect_uri', client.postLogoutRedirectUri)
  }
  for (const [name, value] of parameters) url.searchParams.set(name, value)
  if (idToken !== undefined) url.searchParams.set('id_token_hint', idToken)
  return url.href
}
