// What the tests know about an authorization server before they start it, and what they get once it runs.
import type { ConfigurationInput } from '@token-handler/reference-handler'
import type { Browser, Page } from './browser.ts'
import type { Clients, RegisteredClient } from './clients.ts'
import type { Requirement } from './installed.ts'
import type { StepId } from './step-ids.ts'

/** What a server does where standards leave it a choice, or where it takes one all the same. */
export interface Traits {
  /** Claims of the session that are known in advance. */
  readonly claims: Readonly<Record<string, unknown>>
  /** How an API checks an access token. */
  readonly accessToken: 'by JWKS' | 'by introspection'
  /** Whether a refresh brings another refresh token. */
  readonly rotation: 'rotates' | 'does not rotate'
  /** Whether a refresh brings an ID token. */
  readonly idTokenAtRefresh: boolean
  /** What a second use of a refresh token that was replaced brings about. */
  readonly reuse: 'ends the session' | 'is refused' | 'is accepted'
  /** What a second use of an authorization code brings about, beside its refusal. */
  readonly codeReuse: 'ends the session' | 'leaves the session'
  /** What a sign-out does with the refresh token. */
  readonly revocation: 'revokes the refresh token' | 'revokes nothing'
  /** What happens when the browser goes to `logout_url`; undefined when there is no such URL. */
  readonly logout?: 'at once' | 'after a question'
  /** How it answers `prompt=none` of a user who is not signed in: with an error code, a page, or as any request. */
  readonly silentSignIn:
    | 'login_required'
    | 'interaction_required'
    | 'consent_required'
    | 'shows its sign-in page'
    | 'signs in'
  readonly wrongSecret: 'is refused' | 'is accepted'
}

/** Whether a client authenticates with the `Authorization` header or in the body. */
export type SecretMethod = 'client_secret_basic' | 'client_secret_post'

/** What has to be set in the handler, beside issuer, client, redirect URIs, cookies and routes. */
export interface HandlerSettings {
  readonly authorizationServer?: Partial<ConfigurationInput['authorizationServer']>
  readonly client?: Partial<ConfigurationInput['client']>
  readonly refresh?: ConfigurationInput['refresh']
}

/** How the tests' API checks access tokens. */
export type TokenCheck =
  | { readonly kind: 'jwks'; readonly jwksUri: string; readonly issuer: string }
  | { readonly kind: 'introspection'; readonly endpoint: string; readonly client: RegisteredClient }

/** An authorization server that runs. */
export interface RunningServer extends Clients {
  /** As the server, or the package it comes from, says it. */
  readonly version: string
  readonly issuer: string
  readonly tokenEndpoint: string
  readonly settings: HandlerSettings
  readonly tokenCheck: TokenCheck
  /**
   * Signs the user in, from the authorization URL to the redirect to the SPA, which the promise
   * resolves with.
   */
  readonly signIn: (browser: Browser, authorizationUrl: string) => Promise<string>
  /** Whether a page asks for a password; absent where there is no such page. */
  readonly isSignInPage?: (page: Page) => boolean
  /** Answers the question that a sign-out asks, on its page. */
  readonly confirmSignOut?: (browser: Browser, page: Page) => Promise<string>
  /**
   * Ends the grant that a refresh token belongs to, as an administrator or the user does at the
   * server; absent where there is no way.
   */
  readonly endGrant?: (refreshToken: string) => Promise<void>
  readonly stop: () => Promise<void>
}

/** What a server gets to know about the SPA it works for. */
export interface SpaUrls {
  readonly origin: string
  readonly redirectUri: string
  readonly postLogoutRedirectUri: string
}

/** A step that fails, because the handler is wrong. */
export interface Fault {
  readonly reason: string
  /** In the error with which the step fails, so that it fails for this reason and no other. */
  readonly seen: RegExp
}

/** An authorization server that the tests can start. */
export interface ServerKind {
  /** Names its page in docs/authorization-servers and its test file. */
  readonly id: string
  readonly name: string
  /** Of the server that was looked at, for the table; a test compares it with the one that runs. */
  readonly version: string
  /** Absent where npm brings it. */
  readonly requirement?: Requirement
  readonly traits: Traits
  /** Steps that make no sense at this server, with the reason. */
  readonly skipped: Partial<Record<StepId, string>>
  /** Steps that the handler does not pass yet. */
  readonly faults: Partial<Record<StepId, Fault>>
  readonly start: (urls: SpaUrls) => Promise<RunningServer>
}
