// What every setting is for, in words for the person who sets it, and which variable sets it.
import type { Configuration } from './schema.ts'

/** By setting: the variable without its prefix, and the description. All else stands in the schema. */
export const settings: Readonly<Record<string, readonly [variable: string, description: string]>> =
  {
    profile: [
      'PROFILE',
      'fapi-2.0: what the FAPI 2.0 Security Profile forbids to a client is a mistake; default: none',
    ],
    'authorizationServer.issuer': ['ISSUER', 'issuer identifier of the authorization server'],
    'authorizationServer.authorizationEndpoint': [
      'AUTHORIZATION_ENDPOINT',
      'where the browser signs in; default: from the metadata',
    ],
    'authorizationServer.tokenEndpoint': [
      'TOKEN_ENDPOINT',
      'where codes are redeemed; may be internal, https all the same; default: from the metadata',
    ],
    'authorizationServer.jwksUri': [
      'JWKS_URI',
      'keys of the authorization server; default: from the metadata',
    ],
    'authorizationServer.endSessionEndpoint': [
      'END_SESSION_ENDPOINT',
      'where the browser signs out; default: from the metadata',
    ],
    'authorizationServer.revocationEndpoint': [
      'REVOCATION_ENDPOINT',
      'where tokens are revoked; default: from the metadata',
    ],
    'authorizationServer.introspectionEndpoint': [
      'INTROSPECTION_ENDPOINT',
      'where tokens are introspected; default: from the metadata',
    ],
    'authorizationServer.pushedAuthorizationRequestEndpoint': [
      'PUSHED_AUTHORIZATION_REQUEST_ENDPOINT',
      'where requests are pushed; default: from the metadata',
    ],
    'authorizationServer.plainHttpHosts': [
      'PLAIN_HTTP_HOSTS',
      'a relaxation: hosts of the authorization server that the handler calls over plain http, such as keycloak.internal:8080',
    ],
    'authorizationServer.caFile': [
      'AUTHORIZATION_SERVER_CA_FILE',
      'PEM file with the authorities that are trusted, in place of those of the system',
    ],
    'authorizationServer.certificateFile': [
      'AUTHORIZATION_SERVER_CERTIFICATE_FILE',
      'PEM file with the certificate that the handler shows to the authorization server',
    ],
    'authorizationServer.keyFile': [
      'AUTHORIZATION_SERVER_KEY_FILE',
      'PEM file with the private key of that certificate',
    ],
    'authorizationServer.assumesS256': [
      'ASSUMES_S256',
      'a relaxation: true where S256 is supported and the metadata does not list it (Microsoft Entra ID, Amazon Cognito)',
    ],
    'authorizationServer.timeout': [
      'AUTHORIZATION_SERVER_TIMEOUT',
      'seconds to wait for the authorization server',
    ],
    'authorizationServer.clockTolerance': [
      'CLOCK_TOLERANCE',
      'seconds that the clock of the authorization server may differ',
    ],
    'authorizationServer.allowedTenants': [
      'ALLOWED_TENANTS',
      'tenants whose users may sign in, where the issuer of the metadata has {tenantid} in it; default: there is one issuer',
    ],
    'client.id': ['CLIENT_ID', 'client identifier at the authorization server'],
    'client.secret': [
      'CLIENT_SECRET',
      'client secret; required for client_secret_basic and client_secret_post',
    ],
    'client.privateKey': [
      'CLIENT_PRIVATE_KEY',
      'private JWK with alg and kid, for private_key_jwt',
    ],
    'client.authentication': [
      'CLIENT_AUTHENTICATION',
      'client_secret_basic, client_secret_post, private_key_jwt, tls_client_auth or self_signed_tls_client_auth',
    ],
    'client.dpopKeys': [
      'DPOP_KEYS',
      'private JWKs, or a JWK Set, that access tokens are bound to (DPoP), newest first; default: bearer tokens',
    ],
    'client.assertionAudience': [
      'ASSERTION_AUDIENCE',
      'audience of private_key_jwt assertions; default: the issuer',
    ],
    'client.redirectUri': ['REDIRECT_URI', 'page of the SPA that ends logins'],
    'client.postLogoutRedirectUri': [
      'POST_LOGOUT_REDIRECT_URI',
      'page of the SPA that follows a sign-out',
    ],
    'client.redirectUris': [
      'REDIRECT_URIS',
      'redirect URIs of further trusted origins, such as previews, one for each',
    ],
    'client.postLogoutRedirectUris': [
      'POST_LOGOUT_REDIRECT_URIS',
      'pages of further trusted origins that follow a sign-out there, one for each',
    ],
    'client.scope': ['SCOPE', 'scopes, separated by spaces'],
    'client.resource': [
      'RESOURCE',
      'the API that access tokens are for; default: the authorization server decides',
    ],
    'client.authorizationParameters': [
      'AUTHORIZATION_PARAMETERS',
      'extra authorization parameters the SPA may send',
    ],
    'client.logoutParameters': [
      'LOGOUT_PARAMETERS',
      'parameters the SPA may send with a sign-out, to the authorization server',
    ],
    'client.extraParameters': [
      'EXTRA_PARAMETERS',
      'parameters of every authorization request, such as audience=https://api.example.com&prompt=consent; default: none',
    ],
    'client.pushedAuthorizationRequests': [
      'PUSHED_AUTHORIZATION_REQUESTS',
      'true pushes authorization requests also where that is not required',
    ],
    'client.responseMode': [
      'RESPONSE_MODE',
      'query, or jwt or query.jwt for signed authorization responses',
    ],
    'client.idTokenHint': [
      'ID_TOKEN_HINT',
      'a relaxation: true sends the ID token along at sign-out',
    ],
    'cookies.secrets': [
      'COOKIE_SECRETS',
      'keys of the cookies, newest first, each made with: openssl rand -base64 48',
    ],
    'cookies.prefix': ['COOKIE_PREFIX', 'prefix of cookie names'],
    'cookies.domain': ['COOKIE_DOMAIN', 'a relaxation: cookies for a parent domain'],
    'cookies.secure': ['COOKIE_SECURE', 'a relaxation: false sends cookies over plain http'],
    'cookies.maxBytes': [
      'COOKIE_MAX_BYTES',
      'bytes that proxy and session cookie may have together',
    ],
    trustedOrigins: ['TRUSTED_ORIGINS', 'origins of the SPA'],
    agentPath: ['AGENT_PATH', 'path of the agent'],
    routes: ['ROUTES', 'APIs behind the proxy, such as /api=http://127.0.0.1:3002'],
    'introspection.enabled': [
      'INTROSPECTION_ENABLED',
      'true exchanges opaque access tokens for JWTs on their way to an API',
    ],
    'introspection.keptFor': ['INTROSPECTION_KEPT_FOR', 'seconds that such a JWT is used at most'],
    'introspection.inactiveKeptFor': [
      'INTROSPECTION_INACTIVE_KEPT_FOR',
      'seconds during which an inactive token is not asked about again',
    ],
    'refresh.freshFor': [
      'REFRESH_FRESH_FOR',
      'seconds during which a new access token is not refreshed again',
    ],
    'refresh.resultsKeptFor': [
      'REFRESH_RESULTS_KEPT_FOR',
      'seconds during which the same refresh token gets the same answer',
    ],
    'refresh.endsOn': [
      'REFRESH_ENDS_ON',
      'invalid_grant, or refusal: any refusal of a refresh that is not about the client ends the session',
    ],
    'session.lifetime': [
      'SESSION_LIFETIME',
      'seconds that a session lasts at most; default: as long as its refresh token',
    ],
    'session.store': [
      'SESSION_STORE',
      'cookies, or redis: for tokens that do not fit into cookies, in the store of redis.url',
    ],
    'session.idleTimeout': [
      'SESSION_IDLE_TIMEOUT',
      'seconds after which an unused session in the store ends',
    ],
    'deviceBinding.mode': [
      'DEVICE_BINDING',
      'experimental: off, or offer to bind sessions to the device where browsers can, or require it',
    ],
    'deviceBinding.within': [
      'DEVICE_BINDING_WITHIN',
      'with require: seconds after a login at which a session ends that is not bound',
    ],
    'deviceBinding.proofLifetime': [
      'DEVICE_BINDING_PROOF_LIFETIME',
      'seconds that a proof of the device lasts, and so a copy of its cookie',
    ],
    'rateLimits.loginsPerMinute': [
      'LOGINS_PER_MINUTE',
      'logins one client address may start, and end, in a minute; default: no limit',
    ],
    'rateLimits.refreshesPerMinute': [
      'REFRESHES_PER_MINUTE',
      'refreshes one client address may ask for in a minute; default: no limit',
    ],
    'redis.url': [
      'REDIS_URL',
      'a store that all instances share, such as rediss://redis.internal:6379; default: none',
    ],
    'redis.password': ['REDIS_PASSWORD', 'password of the store, in place of one in the URL'],
    'redis.prefix': ['REDIS_PREFIX', 'what all keys in the store begin with'],
    'server.host': ['HOST', 'address to listen on'],
    'server.port': ['PORT', 'port to listen on'],
    'server.logLevel': ['LOG_LEVEL', 'trace, debug, info, warn, error, fatal or silent'],
    'server.drainFor': ['DRAIN_FOR', 'seconds that open requests get to finish in at the end'],
    'server.keepAliveTimeout': [
      'KEEP_ALIVE_TIMEOUT',
      'seconds that a client’s connection without a request stays open; longer than a load balancer in front keeps it',
    ],
    'server.requestTimeout': [
      'REQUEST_TIMEOUT',
      'seconds in which a request has to arrive whole, uploads included',
    ],
    'server.trustedProxies': [
      'TRUSTED_PROXIES',
      'addresses or subnets of the proxies in front, whose X-Forwarded-… are believed',
    ],
    'server.maxWebSockets': ['MAX_WEB_SOCKETS', 'WebSockets that may be open at a time'],
    'server.traceContext': [
      'TRACE_CONTEXT',
      'forward, or drop: traceparent, tracestate and baggage of pages do not reach APIs',
    ],
    'server.openTelemetry': [
      'OPEN_TELEMETRY',
      'true makes spans by @opentelemetry/api, which has to be installed beside the handler',
    ],
    'server.upstreamConnectionAge': [
      'UPSTREAM_CONNECTION_AGE',
      'seconds after which a connection to an upstream gets no further request',
    ],
    'server.metricsPort': [
      'METRICS_PORT',
      'port with metrics for Prometheus at /metrics; default: none',
    ],
    exposeErrorDetails: [
      'EXPOSE_ERROR_DETAILS',
      'true adds detailed_error to error answers; for development',
    ],
  }

/** What the members of a route are for. */
export const routeSettings: Readonly<Record<keyof Configuration['routes'][number], string>> = {
  path: 'requests to this path and below it; where several match, the longest wins',
  upstream: 'where they go; the rest of the path is appended',
  methods: 'any other is answered with 405; preflights never reach the upstream',
  session: 'required, or optional: requests without a session go to the upstream without a token',
  exchange:
    'audience, resource or scope: the access token is exchanged for one of these (RFC 8693), kept until it ends',
  audience: 'what the access token has to name as its audience, or it is not sent there',
  eventSource: 'true lets EventSource connect, which cannot send the version header',
  webSocket: 'true lets WebSockets connect, until the access token expires',
  preserveHost: 'true sends the Host of the browser to the upstream',
  cookies: 'names of the upstream’s own cookies that come back to it, such as for sticky sessions',
  tls: 'caFile, certificateFile and keyFile: PEM files for https to the upstream, read again in time',
  timeout: 'seconds until the upstream has to send headers',
}
