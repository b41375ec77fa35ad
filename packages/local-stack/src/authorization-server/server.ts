// The authorization server of the local stack: the provider, its pages, and the port it listens on.
import { createServer } from 'node:http'
import { createGate } from '../availability.ts'
import type { Availability } from '../availability.ts'
import { close, listen } from '../listening.ts'
import { serveDocuments } from './documents.ts'
import { serveInteractions } from './interactions.ts'
import { watchIssued } from './issued.ts'
import type { IssueListener } from './issued.ts'
import { createMemoryStorage } from './memory-storage.ts'
import { createProvider } from './provider.ts'
import type { ProviderOptions } from './provider.ts'

/** How the authorization server starts. */
export interface AuthorizationServerOptions extends Omit<ProviderOptions, 'issuer' | 'storage'> {
  /** 0 for any free one. */
  readonly port: number
  readonly issued: IssueListener
  readonly onError: (error: unknown) => void
}

/** A running authorization server. */
export interface AuthorizationServer {
  readonly issuer: string
  /** Forgets every session, grant, authorization code and refresh token. */
  readonly endSessions: () => void
  /** Forgets every access token, which ends those that are opaque. */
  readonly expireAccessTokens: () => void
  readonly setAvailability: (availability: Availability) => void
  readonly close: () => Promise<void>
}

/**
 * Starts an authorization server that keeps everything in memory.
 *
 * @throws `PortTakenError` when another program has the port
 */
export async function startAuthorizationServer(
  options: AuthorizationServerOptions,
): Promise<AuthorizationServer> {
  const server = createServer()
  const port = await listen(server, {
    port: options.port,
    service: 'the authorization server',
    option: 'the option ports.authorizationServer',
  })
  // On a site of its own, as authorization servers are, so that SameSite cookies are really tested.
  const issuer = `http://login.idp.localhost:${port}`
  const storage = createMemoryStorage()
  const provider = await createProvider({ ...options, issuer, storage })
  const homeUrl = options.client.postLogoutRedirectUri
  const origins = [options.client, ...(options.otherClients ?? [])].flatMap((client) =>
    [client.redirectUri, ...(client.otherRedirectUris ?? [])].map((uri) => new URL(uri).origin),
  )
  serveDocuments(provider, { homeUrl, origins: [...new Set(origins)], onError: options.onError })
  serveInteractions(provider, options)
  watchIssued(provider, options.issued)
  provider.on('server_error', (_ctx, error) => options.onError(error))

  const gate = createGate()
  const handle = provider.callback()
  server.on(
    'request',
    gate.guard((request, response) => void handle(request, response)),
  )
  return {
    issuer,
    endSessions: storage.endSessions,
    expireAccessTokens: storage.expireAccessTokens,
    setAvailability: gate.set,
    close: () => close(server),
  }
}
