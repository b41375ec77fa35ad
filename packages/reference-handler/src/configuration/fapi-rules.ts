// What the FAPI 2.0 Security Profile forbids to a client: `profile: 'fapi-2.0'` makes each of it a mistake.
import type { Rule } from './rule.ts'
import { fapiAlgorithms } from './signature-algorithms.ts'

type Mistakes = ReturnType<Rule['mistakes']>

const PROFILE = 'the profile fapi-2.0'

/** A rule that speaks with the profile only. */
const fapiRule = (
  about: Rule['about'],
  mistakes: (settings: Parameters<Rule['mistakes']>[0]) => Mistakes,
): Rule => ({
  about: ['profile', ...about],
  *mistakes(settings) {
    if (settings.profile === 'fapi-2.0') yield* mistakes(settings)
  },
})

const authentications: ReadonlySet<string> = new Set([
  'private_key_jwt',
  'tls_client_auth',
  'self_signed_tls_client_auth',
])

/** @see {@link https://openid.net/specs/fapi-security-profile-2_0-final.html#section-5.3.3.1 FAPI 2.0 Security Profile section 5.3.3.1} */
const clientIsStrong = fapiRule(['client'], function* ({ client }) {
  const { assertionAudience, authentication, pushedAuthorizationRequests } = client
  if (!authentications.has(authentication)) {
    yield {
      path: ['client', 'authentication'],
      message: `must be private_key_jwt, tls_client_auth or self_signed_tls_client_auth: ${PROFILE} allows no secret`,
    }
  }
  if (assertionAudience !== undefined) {
    yield {
      path: ['client', 'assertionAudience'],
      message: `must not be set: ${PROFILE} has the issuer as the sole audience of assertions; remove it`,
    }
  }
  if (!pushedAuthorizationRequests) {
    yield {
      path: ['client', 'pushedAuthorizationRequests'],
      message: `must be true: ${PROFILE} pushes every authorization request`,
    }
  }
})

/** @see {@link https://openid.net/specs/fapi-security-profile-2_0-final.html#section-5.4 FAPI 2.0 Security Profile section 5.4} */
const keysAreStrong = fapiRule(['client'], function* ({ client: { privateKey, dpopKeys = [] } }) {
  const keys = [
    ...(privateKey === undefined ? [] : [{ key: privateKey, path: ['client', 'privateKey'] }]),
    ...dpopKeys.map((key, index) => ({ key, path: ['client', 'dpopKeys', index] })),
  ]
  for (const { key, path } of keys) {
    if (!fapiAlgorithms.includes(key.alg)) {
      yield {
        path,
        message: `must be for one of ${fapiAlgorithms.join(', ')}, which ${PROFILE} allows; make a new key`,
      }
    }
    if (key.kty === 'RSA' && modulusBits(key['n']) < 2048) {
      yield { path, message: `must have 2048 bits or more, as ${PROFILE} has it; make a new key` }
    }
  }
})

const modulusBits = (modulus: unknown): number =>
  typeof modulus === 'string' ? Math.floor((modulus.length * 6) / 8) * 8 : 0

/** @see {@link https://openid.net/specs/fapi-security-profile-2_0-final.html#section-5.3.3.1 FAPI 2.0 Security Profile section 5.3.3.1}, clause 1 */
const tokensAreBound = fapiRule(
  ['authorizationServer', 'client', 'routes'],
  function* ({ authorizationServer: { certificateFile }, client, routes }) {
    if (client.dpopKeys !== undefined) return
    if (certificateFile === undefined) {
      yield {
        path: ['client', 'dpopKeys'],
        message: `is missing; set it, or authorizationServer.certificateFile: ${PROFILE} binds access tokens to a key or to a certificate`,
      }
      return
    }
    for (const [index, { tls }] of routes.entries()) {
      if (tls?.certificateFile === certificateFile) continue
      yield {
        path: ['routes', index, 'tls', 'certificateFile'],
        message: `must be ${certificateFile}, as in authorizationServer.certificateFile: access tokens are bound to that certificate`,
      }
    }
  },
)

/** A gateway that forwards requests itself has neither: its proofs are repeated, its certificate is another one. */
const handlerForwards = fapiRule(['server'], function* ({ server: { forwardAuth } }) {
  if (forwardAuth === undefined) return
  yield {
    path: ['profile'],
    message:
      'cannot be held with server.forwardAuth: access tokens are bound to a key or a certificate of the handler, which the gateway does not have; remove server.forwardAuth, so that the handler forwards to the APIs, or remove this',
  }
})

/** @see {@link https://openid.net/specs/fapi-security-profile-2_0-final.html#section-5.3.3.2 FAPI 2.0 Security Profile section 5.3.3.2}, clauses on metadata */
const endpointsAreDiscovered = fapiRule(
  ['authorizationServer'],
  function* ({ authorizationServer }) {
    const endpoints = [
      'authorizationEndpoint',
      'tokenEndpoint',
      'jwksUri',
      'endSessionEndpoint',
      'revocationEndpoint',
      'introspectionEndpoint',
      'pushedAuthorizationRequestEndpoint',
    ] as const
    for (const endpoint of endpoints) {
      if (authorizationServer[endpoint] === undefined) continue
      yield {
        path: ['authorizationServer', endpoint],
        message: `must not be set: with ${PROFILE} endpoints come from the metadata of the issuer alone; remove it`,
      }
    }
    if (authorizationServer.assumesS256) {
      yield {
        path: ['authorizationServer', 'assumesS256'],
        message: `must not be true: with ${PROFILE} the metadata has to say that S256 is supported`,
      }
    }
    if (authorizationServer.plainHttpHosts.length > 0) {
      yield {
        path: ['authorizationServer', 'plainHttpHosts'],
        message: `must be empty: ${PROFILE} sends nothing over plain http`,
      }
    }
    const { clockTolerance } = authorizationServer
    if (clockTolerance < 10 || clockTolerance > 60) {
      yield {
        path: ['authorizationServer', 'clockTolerance'],
        message: `must be 10 to 60 seconds: ${PROFILE} accepts times 10 seconds ahead, and none beyond 60`,
      }
    }
  },
)

/** @see {@link https://openid.net/specs/fapi-security-profile-2_0-final.html#section-5.2 FAPI 2.0 Security Profile section 5.2} */
const nothingIsInTheClear = fapiRule(
  ['authorizationServer', 'client', 'cookies', 'routes', 'trustedOrigins'],
  function* ({ authorizationServer: { issuer }, client, cookies, routes, trustedOrigins }) {
    const { postLogoutRedirectUri, postLogoutRedirectUris, redirectUri, redirectUris } = client
    const urls: readonly Place[] = [
      { path: ['authorizationServer', 'issuer'], url: issuer },
      { path: ['client', 'redirectUri'], url: redirectUri },
      { path: ['client', 'postLogoutRedirectUri'], url: postLogoutRedirectUri },
      ...placesOf(['client', 'redirectUris'], redirectUris),
      ...placesOf(['client', 'postLogoutRedirectUris'], postLogoutRedirectUris),
      ...placesOf(['trustedOrigins'], trustedOrigins),
      ...routes.map(({ upstream }, index) => ({
        path: ['routes', index, 'upstream'],
        url: upstream,
      })),
    ]
    for (const { path, url } of urls) {
      if (url === undefined || new URL(url).protocol === 'https:') continue
      yield { path, message: `must be https: ${PROFILE} sends nothing over plain http` }
    }
    if (!cookies.secure) {
      yield {
        path: ['cookies', 'secure'],
        message: `must not be false: ${PROFILE} sends nothing over plain http`,
      }
    }
  },
)

interface Place {
  readonly path: (string | number)[]
  readonly url: string | undefined
}

const placesOf = (path: readonly string[], urls: readonly string[]): readonly Place[] =>
  urls.map((url, index) => ({ path: [...path, index], url }))

/** All rules of the profile; nothing of them is a mistake without it. */
export const fapiRules: readonly Rule[] = [
  clientIsStrong,
  keysAreStrong,
  tokensAreBound,
  handlerForwards,
  endpointsAreDiscovered,
  nothingIsInTheClear,
]
