// Configurations with a mistake each in what they say about the authorization server.
import { validInput } from './valid-configuration.ts'

const { issuer } = validInput.authorizationServer
const withServer = (authorizationServer: object) => ({
  ...validInput,
  authorizationServer: { ...validInput.authorizationServer, ...authorizationServer },
})

/** Nothing is discovered with these. */
const endpoints = {
  authorizationEndpoint: `${issuer}/authorize`,
  tokenEndpoint: `${issuer}/token`,
  jwksUri: `${issuer}/jwks`,
}

/** Title, configuration, setting and mend. */
export const authorizationServerMistakes: readonly (readonly [
  title: string,
  input: unknown,
  setting: string,
  mend: RegExp,
])[] = [
  [
    'no issuer',
    { ...validInput, authorizationServer: {} },
    'authorizationServer.issuer (TOKEN_HANDLER_ISSUER)',
    /is missing; set it/,
  ],
  [
    'an http issuer off loopback',
    withServer({ issuer: 'http://login.idp.example' }),
    'authorizationServer.issuer (TOKEN_HANDLER_ISSUER)',
    /must be https/,
  ],
  [
    'an http issuer on another port than the host that may be http',
    withServer({ issuer: 'http://idp.internal:8080', plainHttpHosts: ['idp.internal'] }),
    'authorizationServer.issuer (TOKEN_HANDLER_ISSUER)',
    /must be https/,
  ],
  [
    'an authorization endpoint on http, where browsers are sent, on a host that the handler may call so',
    withServer({
      authorizationEndpoint: 'http://idp.internal/authorize',
      plainHttpHosts: ['idp.internal'],
    }),
    'authorizationServer.authorizationEndpoint (TOKEN_HANDLER_AUTHORIZATION_ENDPOINT)',
    /must be https/,
  ],
  [
    'a URL in place of a host that may be http',
    withServer({ plainHttpHosts: ['http://idp.internal'] }),
    'authorizationServer.plainHttpHosts[0] (TOKEN_HANDLER_PLAIN_HTTP_HOSTS)',
    /must be a host name/,
  ],
  [
    'an issuer that is no URL',
    withServer({ issuer: 'login.idp.example' }),
    'authorizationServer.issuer (TOKEN_HANDLER_ISSUER)',
    /must be an absolute http or https URL/,
  ],
  [
    'an issuer with a query',
    withServer({ issuer: `${issuer}?tenant=1` }),
    'authorizationServer.issuer (TOKEN_HANDLER_ISSUER)',
    /must have no query/,
  ],
  [
    'an endpoint with a user name',
    withServer({ tokenEndpoint: 'https://user:password@login.idp.example/token' }),
    'authorizationServer.tokenEndpoint (TOKEN_HANDLER_TOKEN_ENDPOINT)',
    /no user name and no fragment; remove/,
  ],
  [
    'introspection without an endpoint, and no metadata that could name it',
    { ...withServer(endpoints), introspection: { enabled: true } },
    'authorizationServer.introspectionEndpoint (TOKEN_HANDLER_INTROSPECTION_ENDPOINT)',
    /is missing; set it: introspection\.enabled needs it/,
  ],
  [
    'pushed requests without an endpoint, and no metadata that could name it',
    {
      ...withServer(endpoints),
      client: { ...validInput.client, pushedAuthorizationRequests: true },
    },
    'authorizationServer.pushedAuthorizationRequestEndpoint (TOKEN_HANDLER_PUSHED_AUTHORIZATION_REQUEST_ENDPOINT)',
    /is missing; set it: client\.pushedAuthorizationRequests needs it/,
  ],
]
