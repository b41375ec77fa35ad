// The client that the handler is at the authorization server: its credentials and what it asks for.
import * as z from 'zod'
import { isObject } from './objects.ts'
import { resource, scope } from './oauth-values.ts'
import { isProtectedParameter } from './protected-parameters.ts'
import { signatureAlgorithms } from './signature-algorithms.ts'
import { endpointUrl, secureUrl } from './url-schemas.ts'

/** A private JWK (RFC 7517 section 4), as an object or as its JSON text. */
const privateKey = z.preprocess(
  parseJson,
  z.looseObject(
    {
      kty: z.enum(['EC', 'OKP', 'RSA']),
      alg: z.enum(signatureAlgorithms),
      d: z.string().min(1),
      /** Tells the authorization server which of the registered keys this is. */
      kid: z.string().min(1).exactOptional(),
      /** Thumbprints of the key's certificate, for servers that find the key by it (Microsoft Entra ID). */
      x5t: z.string().min(1).exactOptional(),
      'x5t#S256': z.string().min(1).exactOptional(),
    },
    'must be a private key as JWK, which is JSON',
  ),
)

/** One key, a list of keys or a JWK Set (RFC 7517 section 5). */
const dpopKeys = z.preprocess(
  (value) => {
    const parsed = parseJson(value)
    const keys: unknown = isObject(parsed) && 'keys' in parsed ? parsed['keys'] : parsed
    return isObject(keys) ? [keys] : keys
  },
  z
    .array(privateKey, 'must be private keys as JWK, or a JWK Set, which are JSON')
    .min(1, 'needs at least one key; leave it out to use bearer tokens'),
)

function parseJson(value: unknown): unknown {
  if (typeof value !== 'string') return value
  try {
    return JSON.parse(value)
  } catch {
    return value
  }
}

const authorizationParameter = z
  .string()
  .min(1)
  .refine(
    (name) => !isProtectedParameter(name),
    'is a parameter that protects the login, and only the agent sets it; remove it',
  )

/** Section `client` of the configuration. */
export const clientSchema = z.strictObject({
  id: z.string().min(1),
  secret: z.string().min(1).optional(),
  /** Signs the client's assertions, where `authentication` is `private_key_jwt`. */
  privateKey: privateKey.optional(),
  /**
   * How the client authenticates; the last two with the certificate of `authorizationServer.certificateFile` (RFC 8705).
   * @default 'client_secret_basic'
   */
  authentication: z
    .enum([
      'client_secret_basic',
      'client_secret_post',
      'private_key_jwt',
      'tls_client_auth',
      'self_signed_tls_client_auth',
    ])
    .default('client_secret_basic'),
  /**
   * Private keys to which access tokens are bound (DPoP, RFC 9449), newest first: the first binds new sessions, the
   * others prove possession for those that are bound to them. Without keys, access tokens are bearer tokens.
   */
  dpopKeys: dpopKeys.optional(),
  /** The audience of `private_key_jwt` assertions, for servers that do not take their issuer for it. */
  assertionAudience: z.string().min(1).optional(),
  /** The page of the SPA that ends logins; never taken from a request. */
  redirectUri: endpointUrl,
  /** Where the authorization server sends the browser after a sign-out. */
  postLogoutRedirectUri: secureUrl.optional(),
  /**
   * Redirect URIs of further trusted origins, such as previews: pages of each sign in with their own.
   * @default []
   */
  redirectUris: z.array(endpointUrl).default([]),
  /**
   * Pages of further trusted origins that follow a sign-out there.
   * @default []
   */
  postLogoutRedirectUris: z.array(secureUrl).default([]),
  /**
   * The scope of authorization requests; `openid` brings the ID token.
   * @default 'openid profile'
   */
  scope: scope.default('openid profile'),
  /** The API that access tokens are for (RFC 8707); by default the authorization server decides. */
  resource: resource.optional(),
  /**
   * Names of extra parameters that the SPA may add to the authorization request.
   * @default ['acr_values', 'login_hint', 'max_age', 'prompt', 'ui_locales']
   */
  authorizationParameters: z
    .array(authorizationParameter)
    .default(['acr_values', 'login_hint', 'max_age', 'prompt', 'ui_locales']),
  /**
   * Parameters of every authorization request, such as `audience` at Auth0. What the SPA sends of the same name, where
   * it may, counts instead.
   */
  extraParameters: z.record(z.string(), z.string().min(1)).optional(),
  /**
   * Sends authorization requests through the back channel (RFC 9126), even if the server does not require it.
   * @default false
   */
  pushedAuthorizationRequests: z.boolean().default(false),
  /**
   * How authorization responses come back; `jwt` and `query.jwt` ask for signed ones (JARM).
   * @default 'query'
   */
  responseMode: z.enum(['query', 'jwt', 'query.jwt']).default('query'),
  /**
   * A relaxation: keeps the ID token in the session cookie, and shows it to the authorization server,
   * and so to the page, at sign-out.
   * @default false
   */
  idTokenHint: z.boolean().default(false),
})
