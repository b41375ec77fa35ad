// Configurations with a mistake each: the setting that must be named, and the mend.
import { newKey } from '../support/dpop-keys.ts'
import { validInput } from './valid-configuration.ts'

/** A secret that no message may repeat. */
export const secretValue = 'too short a secret'

/** Title, configuration, setting and mend. */
export const mistakes: readonly (readonly [
  title: string,
  input: unknown,
  setting: string,
  mend: RegExp,
])[] = [
  ['nothing at all', undefined, 'the configuration', /is missing/],
  ['a text', 'configuration', 'the configuration', /must be an object/],
  [
    'an origin with a wildcard',
    { ...validInput, trustedOrigins: [...validInput.trustedOrigins, 'https://*.app.example'] },
    'trustedOrigins[1] (TOKEN_HANDLER_TRUSTED_ORIGINS)',
    /no wildcard/,
  ],
  [
    'a redirect URI with a wildcard',
    { ...validInput, client: { ...validInput.client, redirectUri: 'https://*.app.example/cb' } },
    'client.redirectUri (TOKEN_HANDLER_REDIRECT_URI)',
    /must name one host/,
  ],
  [
    'a redirect URI whose origin is not trusted',
    { ...validInput, client: { ...validInput.client, redirectUri: 'https://other.example/cb' } },
    'client.redirectUri (TOKEN_HANDLER_REDIRECT_URI)',
    /add that origin to trustedOrigins/,
  ],
  [
    'no cookie secret',
    { ...validInput, cookies: { secrets: [] } },
    'cookies.secrets (TOKEN_HANDLER_COOKIE_SECRETS)',
    /openssl rand -base64 48/,
  ],
  [
    'a cookie secret that is too short',
    { ...validInput, cookies: { secrets: [secretValue] } },
    'cookies.secrets[0] (TOKEN_HANDLER_COOKIE_SECRETS)',
    /32 bytes.*openssl rand -base64 48/,
  ],
  [
    'a __Host- cookie with a Domain',
    { ...validInput, cookies: { ...validInput.cookies, domain: 'app.example' } },
    'cookies.domain (TOKEN_HANDLER_COOKIE_DOMAIN)',
    /remove the domain, or choose another prefix/,
  ],
  [
    'a __Host- cookie in another case with a Domain',
    {
      ...validInput,
      cookies: { ...validInput.cookies, prefix: '__host-th', domain: 'app.example' },
    },
    'cookies.domain (TOKEN_HANDLER_COOKIE_DOMAIN)',
    /remove the domain, or choose another prefix/,
  ],
  [
    'a Domain that is no host name',
    { ...validInput, cookies: { ...validInput.cookies, prefix: 'th', domain: 'a.example; x' } },
    'cookies.domain (TOKEN_HANDLER_COOKIE_DOMAIN)',
    /must be a host name/,
  ],
  [
    'a __ prefix without Secure',
    { ...validInput, cookies: { ...validInput.cookies, secure: false } },
    'cookies.secure (TOKEN_HANDLER_COOKIE_SECURE)',
    /set it to true, or choose another prefix/,
  ],
  [
    'a prefix that is no cookie name',
    { ...validInput, cookies: { ...validInput.cookies, prefix: 'th=1;' } },
    'cookies.prefix (TOKEN_HANDLER_COOKIE_PREFIX)',
    /letters, digits/,
  ],
  [
    'no trusted origin',
    { ...validInput, trustedOrigins: [] },
    'trustedOrigins (TOKEN_HANDLER_TRUSTED_ORIGINS)',
    /needs the origin of the SPA/,
  ],
  [
    'an origin with a trailing slash',
    { ...validInput, trustedOrigins: ['https://www.app.example', 'https://b.example/'] },
    'trustedOrigins[1] (TOKEN_HANDLER_TRUSTED_ORIGINS)',
    /no trailing slash/,
  ],
  [
    'an origin with a path',
    { ...validInput, trustedOrigins: ['https://www.app.example', 'https://b.example/app'] },
    'trustedOrigins[1] (TOKEN_HANDLER_TRUSTED_ORIGINS)',
    /exact origin/,
  ],
  [
    'a wildcard origin',
    { ...validInput, trustedOrigins: ['https://www.app.example', '*'] },
    'trustedOrigins[1] (TOKEN_HANDLER_TRUSTED_ORIGINS)',
    /no wildcard/,
  ],
  [
    'an http origin off loopback with Secure cookies',
    { ...validInput, trustedOrigins: ['https://www.app.example', 'http://intranet.example'] },
    'trustedOrigins[1] (TOKEN_HANDLER_TRUSTED_ORIGINS)',
    /serve the SPA over https/,
  ],
  [
    'an agent path with a trailing slash',
    { ...validInput, agentPath: '/oauth-agent/' },
    'agentPath (TOKEN_HANDLER_AGENT_PATH)',
    /without a trailing slash/,
  ],
  [
    'an agent path with dot segments',
    { ...validInput, agentPath: '/a/../b' },
    'agentPath (TOKEN_HANDLER_AGENT_PATH)',
    /must be a path/,
  ],
  [
    'an agent path that the server needs',
    { ...validInput, agentPath: '/health' },
    'agentPath (TOKEN_HANDLER_AGENT_PATH)',
    /choose another path/,
  ],
  [
    'a port out of range',
    { ...validInput, server: { port: 70_000 } },
    'server.port (TOKEN_HANDLER_PORT)',
    /at most 65535/,
  ],
  [
    'decisions for gateways on the port that pages reach',
    {
      ...validInput,
      server: {
        port: 8080,
        forwardAuth: 'nginx',
        forwardAuthPort: 8080,
        trustedProxies: ['127.0.0.1'],
      },
    },
    'server.forwardAuthPort (TOKEN_HANDLER_FORWARD_AUTH_PORT)',
    /choose another port/,
  ],
  [
    'decisions for gateways that nobody may ask for',
    { ...validInput, server: { forwardAuth: 'nginx' } },
    'server.trustedProxies (TOKEN_HANDLER_TRUSTED_PROXIES)',
    /name the addresses of the gateway/,
  ],
  ...(['caddy', 'envoy', 'traefik'] as const).map(
    (forwardAuth) =>
      [
        `a route whose path ${forwardAuth} would have to change`,
        {
          ...validInput,
          server: { forwardAuth, trustedProxies: ['127.0.0.1'] },
          routes: [{ path: '/api', upstream: 'http://orders.internal/v1' }],
        },
        'routes[0].upstream (TOKEN_HANDLER_ROUTES)',
        new RegExp(`has to end with /api,.*"${forwardAuth}"`),
      ] as const,
  ),
  [
    'access tokens that are bound to keys, and a gateway that forwards requests itself',
    {
      ...validInput,
      client: { ...validInput.client, dpopKeys: [newKey.privateJwk] },
      server: { forwardAuth: 'nginx', trustedProxies: ['127.0.0.1'] },
    },
    'client.dpopKeys (TOKEN_HANDLER_DPOP_KEYS)',
    /remove server\.forwardAuth/,
  ],
  [
    'metrics on the port of the server',
    { ...validInput, server: { port: 8080, metricsPort: 8080 } },
    'server.metricsPort (TOKEN_HANDLER_METRICS_PORT)',
    /choose another port/,
  ],
  [
    'more cookies than Node takes headers',
    { ...validInput, cookies: { ...validInput.cookies, maxBytes: 16_384 } },
    'cookies.maxBytes (TOKEN_HANDLER_COOKIE_MAX_BYTES)',
    /at most 15360/,
  ],
  [
    'a fraction of a second',
    { ...validInput, refresh: { freshFor: 0.5 } },
    'refresh.freshFor (TOKEN_HANDLER_REFRESH_FRESH_FOR)',
    /must be a whole number/,
  ],
  [
    'an unknown key',
    { ...validInput, trustedOrigin: 'https://www.app.example' },
    'trustedOrigin',
    /is not a setting.*trustedOrigins/,
  ],
  [
    'an unknown key in a section',
    { ...validInput, cookies: { ...validInput.cookies, sameSite: 'Lax' } },
    'cookies.sameSite',
    /is not a setting.*prefix/,
  ],
  ...(['offer', 'require'] as const).flatMap((mode) => {
    const having = (rest: object) => ({ ...validInput, deviceBinding: { mode }, ...rest })
    return [
      [
        `device binding (${mode}) without Secure`,
        having({ cookies: { ...validInput.cookies, prefix: 'th', secure: false } }),
        'deviceBinding.mode (TOKEN_HANDLER_DEVICE_BINDING)',
        /set cookies.secure/,
      ],
      [
        `device binding (${mode}) with no time to register`,
        having({ refresh: { freshFor: 0 } }),
        'refresh.freshFor (TOKEN_HANDLER_REFRESH_FRESH_FOR)',
        /set it to 5/,
      ],
      [
        `device binding (${mode}) with results that are kept too short`,
        having({ refresh: { resultsKeptFor: 19 } }),
        'refresh.resultsKeptFor (TOKEN_HANDLER_REFRESH_RESULTS_KEPT_FOR)',
        /set it to 20 at least/,
      ],
    ] as const
  }),
  [
    'a route that wants the bound cookie',
    {
      ...validInput,
      routes: [{ path: '/api', upstream: 'http://127.0.0.1:3002', cookies: ['__Host-th-bound'] }],
    },
    'routes[0].cookies[0] (TOKEN_HANDLER_ROUTES)',
    /is a cookie of the handler/,
  ],
]
