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
