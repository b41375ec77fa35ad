// What every setting is for, in words for the person who sets it.
import type { Configuration } from './schema.ts'
import type { variableNames } from './variable-names.ts'

/** The path of a setting, such as `client.id`. */
export type SettingName = keyof typeof variableNames

/** By setting. Its variable stands in variable-names.ts, all else in the schema. */
export const settings: Readonly<Record<SettingName, string>> = {
  profile:
    'fapi-2.0: what the FAPI 2.0 Security Profile forbids to a client is a mistake; default: none',
  'authorizationServer.issuer': 'issuer identifier of the authorization server',
  'authorizationServer.authorizationEndpoint':
    'where the browser signs in; default: from the metadata',
  'authorizationServer.tokenEndpoint':
    'where codes are redeemed; may be internal, https all the same; default: from the metadata',
  'authorizationServer.jwksUri': 'keys of the authorization server; default: from the metadata',
  'authorizationServer.endSessionEndpoint':
    'where the browser signs out; default: from the metadata',
  'authorizationServer.revocationEndpoint': 'where tokens are revoked; default: from the metadata',
  'authorizationServer.introspectionEndpoint':
    'where tokens are introspected; default: from the metadata',
  'authorizationServer.pushedAuthorizationRequestEndpoint':
    'where requests are pushed; default: from the metadata',
  'authorizationServer.plainHttpHosts':
    'a relaxation: hosts of the authorization server that the handler calls over plain http, such as keycloak.internal:8080',
  'authorizationServer.caFile':
    'PEM file with the authorities that are trusted, in place of those of the system',
  'authorizationServer.certificateFile':
    'PEM file with the certificate that the handler shows to the authorization server',
  'authorizationServer.keyFile': 'PEM file with the private key of that certificate',
  'authorizationServer.assumesS256':
    'a relaxation: true where S256 is supported and the metadata does not list it (Microsoft Entra ID, Amazon Cognito)',
  'authorizationServer.timeout': 'seconds to wait for the authorization server',
  'authorizationServer.clockTolerance':
    'seconds that the clock of the authorization server may differ',
  'authorizationServer.allowedTenants':
    'tenants whose users may sign in, where the issuer of the metadata has {tenantid} in it; default: there is one issuer',
  'client.id': 'client identifier at the authorization server',
  'client.secret': 'client secret; required for client_secret_basic and client_secret_post',
  'client.privateKey': 'private JWK with alg and kid, for private_key_jwt',
  'client.authentication':
    'client_secret_basic, client_secret_post, private_key_jwt, tls_client_auth or self_signed_tls_client_auth',
  'client.dpopKeys':
    'private JWKs, or a JWK Set, that access tokens are bound to (DPoP), newest first; default: bearer tokens',
  'client.assertionAudience': 'audience of private_key_jwt assertions; default: the issuer',
  'client.redirectUri': 'page of the SPA that ends logins',
  'client.postLogoutRedirectUri': 'page of the SPA that follows a sign-out',
  'client.redirectUris': 'redirect URIs of further trusted origins, such as previews, one for each',
  'client.postLogoutRedirectUris':
    'pages of further trusted origins that follow a sign-out there, one for each',
  'client.scope': 'scopes, separated by spaces',
  'client.resource':
    'the API that access tokens are for; default: the authorization server decides',
  'client.authorizationParameters': 'extra authorization parameters the SPA may send',
  'client.logoutParameters':
    'parameters the SPA may send with a sign-out, to the authorization server',
  'client.extraParameters':
    'parameters of every authorization request, such as audience=https://api.example.com&prompt=consent; default: none',
  'client.pushedAuthorizationRequests':
    'true pushes authorization requests also where that is not required',
  'client.responseMode': 'query, or jwt or query.jwt for signed authorization responses',
  'client.idTokenHint': 'a relaxation: true sends the ID token along at sign-out',
  'cookies.secrets': 'keys of the cookies, newest first, each made with: openssl rand -base64 48',
  'cookies.prefix': 'prefix of cookie names',
  'cookies.domain': 'a relaxation: cookies for a parent domain',
  'cookies.secure': 'a relaxation: false sends cookies over plain http',
  'cookies.maxBytes': 'bytes that proxy and session cookie may have together',
  trustedOrigins: 'origins of the SPA',
  agentPath: 'path of the agent',
  routes: 'APIs behind the proxy, such as /api=http://127.0.0.1:3002',
  'introspection.enabled': 'true exchanges opaque access tokens for JWTs on their way to an API',
  'introspection.keptFor': 'seconds that such a JWT is used at most',
  'introspection.inactiveKeptFor':
    'seconds during which an inactive token is not asked about again',
  'refresh.freshFor': 'seconds during which a new access token is not refreshed again',
  'refresh.resultsKeptFor': 'seconds during which the same refresh token gets the same answer',
  'refresh.endsOn':
    'invalid_grant, or refusal: any refusal of a refresh that is not about the client ends the session',
  'session.lifetime': 'seconds that a session lasts at most; default: as long as its refresh token',
  'session.store':
    'cookies, or redis: for tokens that do not fit into cookies, in the store of redis.url',
  'session.idleTimeout': 'seconds after which an unused session in the store ends',
  'deviceBinding.mode':
    'experimental: off, or offer to bind sessions to the device where browsers can, or require it',
  'deviceBinding.within':
    'with require: seconds after a login at which a session ends that is not bound',
  'deviceBinding.proofLifetime':
    'seconds that a proof of the device lasts, and so a copy of its cookie',
  'rateLimits.loginsPerMinute':
    'logins one client address may start, and end, in a minute; default: no limit',
  'rateLimits.refreshesPerMinute':
    'refreshes one client address may ask for in a minute; default: no limit',
  'redis.url':
    'a store that all instances share, such as rediss://redis.internal:6379; default: none',
  'redis.password': 'password of the store, in place of one in the URL',
  'redis.prefix': 'what all keys in the store begin with',
  'server.host': 'address to listen on',
  'server.port': 'port to listen on',
  'server.logLevel': 'trace, debug, info, warn, error, fatal or silent',
  'server.drainFor': 'seconds that open requests get to finish in at the end',
  'server.keepAliveTimeout':
    'seconds that a client’s connection without a request stays open; longer than a load balancer in front keeps it',
  'server.requestTimeout': 'seconds in which a request has to arrive whole, uploads included',
  'server.trustedProxies':
    'addresses or subnets of the proxies in front, whose X-Forwarded-… are believed',
  'server.maxWebSockets': 'WebSockets that may be open at a time',
  'server.traceContext':
    'forward, or drop: traceparent, tracestate and baggage of pages do not reach APIs',
  'server.openTelemetry':
    'true makes spans by @opentelemetry/api, which has to be installed beside the handler',
  'server.upstreamConnectionAge':
    'seconds after which a connection to an upstream gets no further request',
  'server.metricsPort': 'port with metrics for Prometheus at /metrics; default: none',
  'server.forwardAuth':
    'nginx, nginx-x-accel, caddy, haproxy, apache, traefik or envoy: the gateway that forwards requests itself and asks whether it may; default: none',
  'server.forwardAuthPort': 'port on which that gateway asks',
  exposeErrorDetails: 'true adds detailed_error to error answers; for development',
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

const descriptions: Readonly<Record<string, string | undefined>> = settings

/** What a setting is for; `path` is that of an entry in the table of variables. */
export const describeSetting = (path: readonly string[]): string =>
  descriptions[path.join('.')] ?? ''
