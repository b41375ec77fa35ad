// The client that the handler is at the authorization server: its credentials and what it asks for.
import * as z from 'zod/mini'
import { isObject } from './objects.ts'
import { resource, scope } from './oauth-values.ts'
import { isProtectedParameter } from './protected-parameters.ts'
import { signatureAlgorithms } from './signature-algorithms.ts'
import { endpointUrl, secureUrl } from './url-schemas.ts'

/** A private JWK (RFC 7517 section 4), as an object or as its JSON text. */
const privateKey = z.pipe(
  z.transform(parseJson),
  z.looseObject(
    {
      kty: z.enum(['EC', 'OKP', 'RSA']),
      alg: z.enum(signatureAlgorithms),
      d: z.string().check(z.minLength(1)),
      /** Tells the authorization server which of the registered keys this is. */
      kid: z.exactOptional(z.string().check(z.minLength(1))),
      /** Thumbprints of the key's certificate, for servers that find the key by it (Microsoft Entra ID). */
      x5t: z.exactOptional(z.string().check(z.minLength(1))),
      'x5t#S256': z.exactOptional(z.string().check(z.minLength(1))),
    },
    'must be a private key as JWK, which is JSON',
  ),
)

/** One key, a list of keys or a JWK Set (RFC 7517 section 5). */
const dpopKeys = z.pipe(
  z.transform((value: unknown) => {
    const parsed = parseJson(value)
    const keys: unknown = isObject(parsed) && 'keys' in parsed ? parsed['keys'] : parsed
    return isObject(keys) ? [keys] : keys
  }),
  z
    .array(privateKey, 'must be private keys as JWK, or a JWK Set, which are JSON')
    .check(z.minLength(1, 'needs at least one key; leave it out to use bearer tokens')),
)

function parseJson(value: unknown): unknown {
  if (typeof value !== 'string') return value
  try {
    return JSON.parse(value)
  } catch {
    return value
  }
}

const authorizationParameter = z.string().check(
  z.minLength(1),
  z.refine(
    (name) => !isProtectedParameter(name),
    'is a parameter that protects the login, and only the agent sets it; remove it',
  ),
)

const logoutParameter = z.string().check(
  z.minLength(1),
  z.refine(
    (name) => !['client_id', 'id_token_hint'].includes(name),
    'is a parameter that only the agent sets; remove it',
  ),
)

/** Section `client` of the configuration. */
export const clientSchema = z.strictObject({
  id: z.string().check(z.minLength(1)),
  secret: z.optional(z.string().check(z.minLength(1))),
  /** Signs the client's assertions, where `authentication` is `private_key_jwt`. */
  privateKey: z.optional(privateKey),
  /**
   * How the client authenticates; the last two with the certificate of `authorizationServer.certificateFile` (RFC 8705).
   * @default 'client_secret_basic'
   */
  authentication: z._default(
    z.enum([
      'client_secret_basic',
      'client_secret_post',
      'private_key_jwt',
      'tls_client_auth',
      'self_signed_tls_client_auth',
    ]),
    'client_secret_basic',
  ),
  /**
   * Private keys to which access tokens are bound (DPoP, RFC 9449), newest first: the first binds new sessions, the
   * others prove possession for those that are bound to them. Without keys, access tokens are bearer tokens.
   */
  dpopKeys: z.optional(dpopKeys),
  /** The audience of `private_key_jwt` assertions, for servers that do not take their issuer for it. */
  assertionAudience: z.optional(z.string().check(z.minLength(1))),
  /** The page of the SPA that ends logins; never taken from a request. */
  redirectUri: endpointUrl,
  /** Where the authorization server sends the browser after a sign-out. */
  postLogoutRedirectUri: z.optional(secureUrl),
  /**
   * Redirect URIs of further trusted origins, such as previews: pages of each sign in with their own.
   * @default []
   */
  redirectUris: z._default(z.array(endpointUrl), []),
  /**
   * Pages of further trusted origins that follow a sign-out there.
   * @default []
   */
  postLogoutRedirectUris: z._default(z.array(secureUrl), []),
  /**
   * The scope of authorization requests; `openid` brings the ID token.
   * @default 'openid profile'
   */
  scope: z._default(scope, 'openid profile'),
  /** The API that access tokens are for (RFC 8707); by default the authorization server decides. */
  resource: z.optional(resource),
  /**
   * Names of extra parameters that the SPA may add to the authorization request.
   * @default ['acr_values', 'login_hint', 'max_age', 'prompt', 'ui_locales']
   */
  authorizationParameters: z._default(z.array(authorizationParameter), [
    'acr_values',
    'login_hint',
    'max_age',
    'prompt',
    'ui_locales',
  ]),
  /**
   * Names of parameters that the SPA may add to the request that ends the session at the authorization server. With
   * `post_logout_redirect_uri` among them, pages choose where that leads, inside the trusted origins.
   * @default ['logout_hint', 'ui_locales']
   */
  logoutParameters: z._default(z.array(logoutParameter), ['logout_hint', 'ui_locales']),
  /**
   * Parameters of every authorization request, such as `audience` at Auth0. What the SPA sends of the same name, where
   * it may, counts instead.
   */
  extraParameters: z.optional(z.record(z.string(), z.string().check(z.minLength(1)))),
  /**
   * Sends authorization requests through the back channel (RFC 9126), even if the server does not require it.
   * @default false
   */
  pushedAuthorizationRequests: z._default(z.boolean(), false),
  /**
   * How authorization responses come back; `jwt` and `query.jwt` ask for signed ones (JARM).
   * @default 'query'
   */
  responseMode: z._default(z.enum(['query', 'jwt', 'query.jwt']), 'query'),
  /**
   * A relaxation: keeps the ID token in the session cookie, and shows it to the authorization server,
   * and so to the page, at sign-out.
   * @default false
   */
  idTokenHint: z._default(z.boolean(), false),
})
