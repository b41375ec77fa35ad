// Every environment variable the handler reads, and the setting it stands for.

/** How the text of a variable becomes the value of a setting. */
export type VariableKind = 'text' | 'number' | 'boolean' | 'list' | 'routes'

/** An environment variable. */
export interface Variable {
  readonly name: string
  /** Where its value goes in the configuration. */
  readonly path: readonly [string, ...string[]]
  readonly kind: VariableKind
  /** For people: shown by `token-handler --help`. */
  readonly description: string
  /** Whether `<name>_FILE` may name a file with the value instead. */
  readonly secret?: true
}

/** What all names start with. A variable that starts so and is not in the table is a mistake. */
export const VARIABLE_PREFIX = 'TOKEN_HANDLER_'

/** The table. Lists are separated by commas; routes are `path=upstream` pairs or a JSON list. */
export const variables: readonly Variable[] = [
  {
    name: 'TOKEN_HANDLER_ISSUER',
    path: ['authorizationServer', 'issuer'],
    kind: 'text',
    description: 'issuer identifier of the authorization server',
  },
  {
    name: 'TOKEN_HANDLER_AUTHORIZATION_ENDPOINT',
    path: ['authorizationServer', 'authorizationEndpoint'],
    kind: 'text',
    description: 'where the browser signs in; default: from the metadata',
  },
  {
    name: 'TOKEN_HANDLER_TOKEN_ENDPOINT',
    path: ['authorizationServer', 'tokenEndpoint'],
    kind: 'text',
    description: 'where codes are redeemed, may be internal; default: from the metadata',
  },
  {
    name: 'TOKEN_HANDLER_JWKS_URI',
    path: ['authorizationServer', 'jwksUri'],
    kind: 'text',
    description: 'keys of the authorization server; default: from the metadata',
  },
  {
    name: 'TOKEN_HANDLER_END_SESSION_ENDPOINT',
    path: ['authorizationServer', 'endSessionEndpoint'],
    kind: 'text',
    description: 'where the browser signs out; default: from the metadata',
  },
  {
    name: 'TOKEN_HANDLER_REVOCATION_ENDPOINT',
    path: ['authorizationServer', 'revocationEndpoint'],
    kind: 'text',
    description: 'where tokens are revoked; default: from the metadata',
  },
  {
    name: 'TOKEN_HANDLER_AUTHORIZATION_SERVER_TIMEOUT',
    path: ['authorizationServer', 'timeout'],
    kind: 'number',
    description: 'seconds to wait for the authorization server; default 8',
  },
  {
    name: 'TOKEN_HANDLER_CLIENT_ID',
    path: ['client', 'id'],
    kind: 'text',
    description: 'client identifier at the authorization server',
  },
  {
    name: 'TOKEN_HANDLER_CLIENT_SECRET',
    path: ['client', 'secret'],
    kind: 'text',
    description: 'client secret',
    secret: true,
  },
  {
    name: 'TOKEN_HANDLER_CLIENT_AUTHENTICATION',
    path: ['client', 'authentication'],
    kind: 'text',
    description: 'client_secret_basic (default) or client_secret_post',
  },
  {
    name: 'TOKEN_HANDLER_REDIRECT_URI',
    path: ['client', 'redirectUri'],
    kind: 'text',
    description: 'page of the SPA that ends logins',
  },
  {
    name: 'TOKEN_HANDLER_POST_LOGOUT_REDIRECT_URI',
    path: ['client', 'postLogoutRedirectUri'],
    kind: 'text',
    description: 'page of the SPA that follows a sign-out',
  },
  {
    name: 'TOKEN_HANDLER_SCOPE',
    path: ['client', 'scope'],
    kind: 'text',
    description: 'scopes, separated by spaces; default "openid profile"',
  },
  {
    name: 'TOKEN_HANDLER_AUTHORIZATION_PARAMETERS',
    path: ['client', 'authorizationParameters'],
    kind: 'list',
    description: 'extra authorization parameters the SPA may send',
  },
  {
    name: 'TOKEN_HANDLER_COOKIE_SECRETS',
    path: ['cookies', 'secrets'],
    kind: 'list',
    description: 'keys of the cookies, newest first, each made with: openssl rand -base64 48',
    secret: true,
  },
  {
    name: 'TOKEN_HANDLER_COOKIE_PREFIX',
    path: ['cookies', 'prefix'],
    kind: 'text',
    description: 'prefix of cookie names; default __Host-Http-th',
  },
  {
    name: 'TOKEN_HANDLER_COOKIE_DOMAIN',
    path: ['cookies', 'domain'],
    kind: 'text',
    description: 'a relaxation: cookies for a parent domain',
  },
  {
    name: 'TOKEN_HANDLER_COOKIE_SECURE',
    path: ['cookies', 'secure'],
    kind: 'boolean',
    description: 'a relaxation: false sends cookies over plain http',
  },
  {
    name: 'TOKEN_HANDLER_COOKIE_MAX_BYTES',
    path: ['cookies', 'maxBytes'],
    kind: 'number',
    description: 'bytes all cookies may have together; default 7168',
  },
  {
    name: 'TOKEN_HANDLER_TRUSTED_ORIGINS',
    path: ['trustedOrigins'],
    kind: 'list',
    description: 'origins of the SPA',
  },
  {
    name: 'TOKEN_HANDLER_AGENT_PATH',
    path: ['agentPath'],
    kind: 'text',
    description: 'path of the agent; default /oauth-agent',
  },
  {
    name: 'TOKEN_HANDLER_ROUTES',
    path: ['routes'],
    kind: 'routes',
    description: 'APIs behind the proxy, such as /api=http://127.0.0.1:3002',
  },
  {
    name: 'TOKEN_HANDLER_REFRESH_FRESH_FOR',
    path: ['refresh', 'freshFor'],
    kind: 'number',
    description: 'seconds during which a new access token is not refreshed again; default 5',
  },
  {
    name: 'TOKEN_HANDLER_REFRESH_RESULTS_KEPT_FOR',
    path: ['refresh', 'resultsKeptFor'],
    kind: 'number',
    description: 'seconds during which the same refresh token gets the same answer; default 20',
  },
  {
    name: 'TOKEN_HANDLER_HOST',
    path: ['server', 'host'],
    kind: 'text',
    description: 'address to listen on; default 127.0.0.1',
  },
  {
    name: 'TOKEN_HANDLER_PORT',
    path: ['server', 'port'],
    kind: 'number',
    description: 'port to listen on; default 3000',
  },
  {
    name: 'TOKEN_HANDLER_LOG_LEVEL',
    path: ['server', 'logLevel'],
    kind: 'text',
    description: 'trace, debug, info (default), warn, error, fatal or silent',
  },
  {
    name: 'TOKEN_HANDLER_DRAIN_FOR',
    path: ['server', 'drainFor'],
    kind: 'number',
    description: 'seconds that open requests get to finish in at the end; default 10',
  },
  {
    name: 'TOKEN_HANDLER_EXPOSE_ERROR_DETAILS',
    path: ['exposeErrorDetails'],
    kind: 'boolean',
    description: 'true adds detailed_error to error answers; for development',
  },
]
