// Clients with a mistake each: the setting that must be named, and the mend.
import { validInput } from './valid-configuration.ts'

const { secret: _, ...withoutSecret } = validInput.client
const signedClient = {
  ...withoutSecret,
  authentication: 'private_key_jwt',
  privateKey: { kty: 'EC', alg: 'ES256', d: 'x' },
}

/** Title, configuration, setting and mend. */
export const clientMistakes: readonly (readonly [
  title: string,
  input: unknown,
  setting: string,
  mend: RegExp,
])[] = [
  [
    'no client secret',
    { ...validInput, client: { ...validInput.client, secret: undefined } },
    'client.secret (TOKEN_HANDLER_CLIENT_SECRET)',
    /is missing; set it/,
  ],
  [
    'an empty client secret',
    { ...validInput, client: { ...validInput.client, secret: '' } },
    'client.secret (TOKEN_HANDLER_CLIENT_SECRET)',
    /must not be empty/,
  ],
  [
    'an unknown way of client authentication',
    { ...validInput, client: { ...validInput.client, authentication: 'none' } },
    'client.authentication (TOKEN_HANDLER_CLIENT_AUTHENTICATION)',
    /client_secret_basic, client_secret_post/,
  ],
  [
    'no private key for private_key_jwt',
    { ...validInput, client: { ...signedClient, privateKey: undefined } },
    'client.privateKey (TOKEN_HANDLER_CLIENT_PRIVATE_KEY)',
    /is missing; set it: private_key_jwt needs it/,
  ],
  [
    'a client secret beside a private key',
    { ...validInput, client: { ...signedClient, secret: 'x' } },
    'client.secret (TOKEN_HANDLER_CLIENT_SECRET)',
    /is of no use for private_key_jwt; remove it/,
  ],
  [
    'a private key that is no JSON',
    { ...validInput, client: { ...signedClient, privateKey: '-----BEGIN PRIVATE KEY-----' } },
    'client.privateKey (TOKEN_HANDLER_CLIENT_PRIVATE_KEY)',
    /must be a private key as JWK/,
  ],
  [
    'a public key in place of the private one',
    { ...validInput, client: { ...signedClient, privateKey: { kty: 'EC', alg: 'ES256' } } },
    'client.privateKey.d (TOKEN_HANDLER_CLIENT_PRIVATE_KEY)',
    /is missing; set it/,
  ],
  [
    'a private key without its algorithm',
    { ...validInput, client: { ...signedClient, privateKey: '{"kty":"EC","d":"x"}' } },
    'client.privateKey.alg (TOKEN_HANDLER_CLIENT_PRIVATE_KEY)',
    /must be one of RS256/,
  ],
  [
    'DPoP keys that are no JSON',
    { ...validInput, client: { ...validInput.client, dpopKeys: '-----BEGIN PRIVATE KEY-----' } },
    'client.dpopKeys (TOKEN_HANDLER_DPOP_KEYS)',
    /must be private keys as JWK, or a JWK Set/,
  ],
  [
    'no DPoP key at all',
    { ...validInput, client: { ...validInput.client, dpopKeys: '{"keys":[]}' } },
    'client.dpopKeys (TOKEN_HANDLER_DPOP_KEYS)',
    /needs at least one key/,
  ],
  [
    'a public DPoP key',
    {
      ...validInput,
      client: { ...validInput.client, dpopKeys: { keys: [{ kty: 'EC', alg: 'ES256' }] } },
    },
    'client.dpopKeys[0].d (TOKEN_HANDLER_DPOP_KEYS)',
    /is missing; set it/,
  ],
  [
    'a DPoP key twice',
    {
      ...validInput,
      client: {
        ...validInput.client,
        dpopKeys: [
          { ...signedClient.privateKey, x: 'x', kid: '1' },
          { ...signedClient.privateKey, x: 'x', kid: '2' },
        ],
      },
    },
    'client.dpopKeys[1] (TOKEN_HANDLER_DPOP_KEYS)',
    /is in the list twice; remove it/,
  ],
  [
    'no certificate for tls_client_auth',
    { ...validInput, client: { ...withoutSecret, authentication: 'tls_client_auth' } },
    'authorizationServer.certificateFile (TOKEN_HANDLER_AUTHORIZATION_SERVER_CERTIFICATE_FILE)',
    /is missing; set it: tls_client_auth needs it/,
  ],
  [
    'a client secret beside tls_client_auth',
    { ...validInput, client: { ...validInput.client, authentication: 'tls_client_auth' } },
    'client.secret (TOKEN_HANDLER_CLIENT_SECRET)',
    /is of no use for tls_client_auth; remove it/,
  ],
  [
    'a certificate without its key',
    {
      ...validInput,
      authorizationServer: { ...validInput.authorizationServer, certificateFile: '/run/tls.crt' },
    },
    'authorizationServer.keyFile (TOKEN_HANDLER_AUTHORIZATION_SERVER_KEY_FILE)',
    /a certificate needs its key/,
  ],
  [
    'a key without its certificate',
    {
      ...validInput,
      authorizationServer: { ...validInput.authorizationServer, keyFile: '/run/tls.key' },
    },
    'authorizationServer.certificateFile (TOKEN_HANDLER_AUTHORIZATION_SERVER_CERTIFICATE_FILE)',
    /authorizationServer\.keyFile needs it/,
  ],
  [
    'a resource with a fragment',
    { ...validInput, client: { ...validInput.client, resource: 'https://api.example/#x' } },
    'client.resource (TOKEN_HANDLER_RESOURCE)',
    /absolute URI without a fragment/,
  ],
  [
    'a resource that the SPA may choose as well',
    {
      ...validInput,
      client: {
        ...validInput.client,
        resource: 'https://api.example',
        authorizationParameters: ['resource'],
      },
    },
    'client.authorizationParameters (TOKEN_HANDLER_AUTHORIZATION_PARAMETERS)',
    /remove one of them/,
  ],
  [
    'a redirect URI with a fragment',
    {
      ...validInput,
      client: { ...validInput.client, redirectUri: 'https://www.app.example/#/callback' },
    },
    'client.redirectUri (TOKEN_HANDLER_REDIRECT_URI)',
    /no fragment; remove/,
  ],
  ...['openid,\nprofile', 'openid  profile', ' openid', 'openid "orders"'].map(
    (scope) =>
      [
        `the scopes ${JSON.stringify(scope)}`,
        { ...validInput, client: { ...validInput.client, scope } },
        'client.scope (TOKEN_HANDLER_SCOPE)',
        /scopes with a single space between them/,
      ] as const,
  ),
  ...(
    [
      [{ state: 'x' }, '.state', /protects the login/],
      [{ audience: '' }, '.audience', /must not be empty/],
      [{ max_age: 'soon' }, '', /max_age, which must be seconds/],
    ] as const
  ).map(
    ([extraParameters, member, mend]) =>
      [
        `the extra parameters ${JSON.stringify(extraParameters)}`,
        { ...validInput, client: { ...validInput.client, extraParameters } },
        `client.extraParameters${member} (TOKEN_HANDLER_EXTRA_PARAMETERS)`,
        mend,
      ] as const,
  ),
]
