// Everything a step works with: the running server, an API, and as many handlers and browsers as it wants.
import type { ConfigurationInput } from '@token-handler/reference-handler'
import { startApi } from './api.ts'
import { createBrowser } from './browser.ts'
import type { Browser } from './browser.ts'
import { cookieSecret, startHandler } from './handler.ts'
import type { Handler } from './handler.ts'
import { openSpa } from './spa.ts'
import type { Answer, Spa } from './spa.ts'
import type { RegisteredClient } from './clients.ts'
import type { RunningServer, SecretMethod, SpaUrls, Traits } from './server-kind.ts'

/** No page is ever loaded from there: redirects to it are where the user's browser stops. */
export const spaUrls = createSpaUrls('https://www.app.example')

/** The URLs of an SPA. */
export function createSpaUrls(origin: string): SpaUrls {
  return { origin, redirectUri: `${origin}/callback`, postLogoutRedirectUri: `${origin}/` }
}

/** A handler that differs from the one which the server's page describes. */
export interface HandlerChanges {
  readonly client?: RegisteredClient
  readonly authentication?: SecretMethod
  /** Leaves out endpoints, so that the metadata has to name them. */
  readonly issuerOnly?: boolean
  /** Sends a refresh token that was never issued in place of the session's. */
  readonly sendsUnknownRefreshTokens?: boolean
}

/** A user who is signed in. */
export interface SignedIn {
  readonly spa: Spa
  readonly browser: Browser
  /** The answer to the end of the login. */
  readonly answer: Answer
  /** Where the authorization server sent the browser. */
  readonly callback: string
  /** The SPA as it was before the login ended. */
  readonly before: Spa
}

/** What a step works with. */
export interface Lab {
  readonly server: RunningServer
  readonly traits: Traits
  readonly startHandler: (changes?: HandlerChanges) => Promise<Handler>
  readonly openSpa: (handler: Handler) => Spa
  readonly openBrowser: () => Browser
  /** Signs a user in with a new browser. */
  readonly signIn: (handler: Handler) => Promise<SignedIn>
  /** Uses a refresh token at the authorization server, without the handler; resolves with the status. */
  readonly redeem: (refreshToken: string) => Promise<number>
  /**
   * Ends all handlers of a step.
   *
   * @throws when one of them wrote a token, a code or a secret to its log
   */
  readonly endStep: () => Promise<void>
  readonly stop: () => Promise<void>
}

/** Prepares the steps of a server that runs. */
export async function createLab(
  server: RunningServer,
  traits: Traits,
  { origin, redirectUri, postLogoutRedirectUri }: SpaUrls = spaUrls,
): Promise<Lab> {
  const api = await startApi(server.tokenCheck)
  let handlers: Handler[] = []

  function configure(changes: HandlerChanges): ConfigurationInput {
    const { client = server.client, authentication, issuerOnly = false } = changes
    const { settings, issuer } = server
    const { assumesS256 = false } = settings.authorizationServer ?? {}
    return {
      authorizationServer: {
        ...(issuerOnly ? { assumesS256 } : settings.authorizationServer),
        issuer,
        // A busy machine is no fault of the server.
        timeout: 60,
      },
      client: {
        redirectUri,
        postLogoutRedirectUri,
        ...settings.client,
        ...client,
        ...(authentication !== undefined && { authentication }),
      },
      cookies: { secrets: [cookieSecret] },
      trustedOrigins: [origin],
      routes: [{ path: '/api', upstream: api.url }],
      // Every refresh goes to the authorization server, however new the access token is.
      refresh: { freshFor: 0, ...settings.refresh },
      exposeErrorDetails: true,
    }
  }

  async function start(changes: HandlerChanges = {}): Promise<Handler> {
    const handler = await startHandler(configure(changes), changes.sendsUnknownRefreshTokens)
    handlers.push(handler)
    return handler
  }

  async function signIn(handler: Handler): Promise<SignedIn> {
    const spa = openSpa(handler.url, origin)
    const browser = createBrowser(origin)
    const callback = await server.signIn(browser, await spa.startLogin())
    const before = spa.copy()
    return { spa, browser, callback, before, answer: await spa.endLogin(callback) }
  }

  async function redeem(refreshToken: string): Promise<number> {
    const { id, secret } = server.client
    const credentials = Buffer.from(`${id}:${secret}`).toString('base64')
    const response = await fetch(server.tokenEndpoint, {
      method: 'POST',
      headers: { authorization: `Basic ${credentials}` },
      body: new URLSearchParams({ grant_type: 'refresh_token', refresh_token: refreshToken }),
    })
    await response.body?.cancel()
    return response.status
  }

  return {
    server,
    traits,
    startHandler: start,
    openSpa: (handler) => openSpa(handler.url, origin),
    openBrowser: () => createBrowser(origin),
    signIn,
    redeem,
    async endStep() {
      const ended = handlers
      handlers = []
      for (const handler of ended) await handler.stop()
      for (const handler of ended) checkLog(handler, server)
    },
    async stop() {
      await api.stop()
      await server.stop()
    },
  }
}

/** Shorter values, such as the token type, are no secrets and stand in many logs. */
const SHORTEST_SECRET = 16

function checkLog(handler: Handler, server: RunningServer): void {
  const log = handler.log()
  const secrets = [
    server.client.secret,
    server.punctuatedClient.secret,
    server.postClient.secret,
    ...handler.tokenCalls.flatMap(({ sent, answer }) => [
      sent,
      answer['access_token'],
      answer['refresh_token'],
      answer['id_token'],
    ]),
  ]
  for (const secret of secrets) {
    if (typeof secret === 'string' && secret.length >= SHORTEST_SECRET && log.includes(secret)) {
      throw new Error('The log of the handler has a token, a code or a client secret in it.')
    }
  }
}
