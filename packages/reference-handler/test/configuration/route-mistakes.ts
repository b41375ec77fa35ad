// Configurations with a mistake in their routes each: the setting that must be named, and the mend.
import { validInput } from './valid-configuration.ts'

/** The valid configuration with these routes. */
export const withRoutes = (...routes: unknown[]) => ({ ...validInput, routes })
/** A valid route. */
export const api = { path: '/api', upstream: 'http://127.0.0.1:3002' }

/** Title, configuration, setting and mend. */
export const routeMistakes: readonly (readonly [
  title: string,
  input: unknown,
  setting: string,
  mend: RegExp,
])[] = [
  [
    'an exchange that does not say for what',
    { ...validInput, routes: [{ path: '/api', upstream: 'http://api.internal', exchange: {} }] },
    'routes[0].exchange (TOKEN_HANDLER_ROUTES)',
    /set audience, resource or scope/,
  ],
  [
    'a route below the agent',
    withRoutes({ ...api, path: '/oauth-agent/api' }),
    'routes[0].path (TOKEN_HANDLER_ROUTES)',
    /overlaps with \/oauth-agent/,
  ],
  [
    'a route above the agent',
    { ...withRoutes(api), agentPath: '/api/agent' },
    'routes[0].path (TOKEN_HANDLER_ROUTES)',
    /overlaps with \/api\/agent/,
  ],
  [
    'a route at a health path',
    withRoutes({ ...api, path: '/ready' }),
    'routes[0].path (TOKEN_HANDLER_ROUTES)',
    /overlaps with \/ready/,
  ],
  [
    'two routes with one path',
    withRoutes(api, api),
    'routes[1].path (TOKEN_HANDLER_ROUTES)',
    /is the path of routes\[0\] too/,
  ],
  [
    'an upstream that is no URL',
    withRoutes({ ...api, upstream: '127.0.0.1:3002' }),
    'routes[0].upstream (TOKEN_HANDLER_ROUTES)',
    /absolute http or https URL/,
  ],
  [
    'an upstream with credentials',
    withRoutes({ ...api, upstream: 'http://user:password@127.0.0.1' }),
    'routes[0].upstream (TOKEN_HANDLER_ROUTES)',
    /no user name/,
  ],
  [
    'an upstream with a query',
    withRoutes({ ...api, upstream: 'http://127.0.0.1/?key=1' }),
    'routes[0].upstream (TOKEN_HANDLER_ROUTES)',
    /no query/,
  ],
  [
    'a route that allows TRACE',
    withRoutes({ ...api, methods: ['GET', 'TRACE'] }),
    'routes[0].methods[1] (TOKEN_HANDLER_ROUTES)',
    /show the access token/,
  ],
  [
    'a method in small letters',
    withRoutes({ ...api, methods: ['get'] }),
    'routes[0].methods[0] (TOKEN_HANDLER_ROUTES)',
    /in capitals/,
  ],
  [
    'an upstream with a wildcard',
    withRoutes({ ...api, upstream: 'https://*.internal' }),
    'routes[0].upstream (TOKEN_HANDLER_ROUTES)',
    /must name one host/,
  ],
  [
    'a cookie of ours that may come back',
    withRoutes({ ...api, cookies: ['AWSALB', '__host-http-TH-session'] }),
    'routes[0].cookies[1] (TOKEN_HANDLER_ROUTES)',
    /cookie of the handler/,
  ],
  [
    'a cookie that has no possible name',
    withRoutes({ ...api, cookies: ['a b'] }),
    'routes[0].cookies[0] (TOKEN_HANDLER_ROUTES)',
    /name of a cookie/,
  ],
  [
    'certificates for an upstream on http',
    withRoutes({ ...api, tls: { caFile: '/ca.pem' } }),
    'routes[0].tls (TOKEN_HANDLER_ROUTES)',
    /of no use for an upstream on http/,
  ],
  [
    'a certificate without its key',
    withRoutes({ ...api, upstream: 'https://a.internal', tls: { certificateFile: '/c.pem' } }),
    'routes[0].tls.keyFile (TOKEN_HANDLER_ROUTES)',
    /a certificate needs its key/,
  ],
  [
    'a key without its certificate',
    withRoutes({ ...api, upstream: 'https://a.internal', tls: { keyFile: '/k.pem' } }),
    'routes[0].tls.certificateFile (TOKEN_HANDLER_ROUTES)',
    /a key its certificate/,
  ],
  ...(['eventSource', 'webSocket'] as const).map(
    (setting) =>
      [
        `a route with ${setting} that takes no GET`,
        withRoutes({ ...api, methods: ['POST'], [setting]: true }),
        `routes[0].${setting} (TOKEN_HANDLER_ROUTES)`,
        /begins with GET, which methods does not list; add it/,
      ] as const,
  ),
]
