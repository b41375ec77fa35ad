// Names and addresses of the OpenID provider of the tests.

export const issuer = 'https://login.idp.example'
export const clientId = 'spa'
export const clientSecret = 'the client secret of the tests'

export type EndpointName = 'metadata' | 'jwks' | 'par' | 'token' | 'revocation'

export const metadata = {
  issuer,
  authorization_endpoint: `${issuer}/authorize`,
  token_endpoint: `${issuer}/token`,
  jwks_uri: `${issuer}/jwks`,
  revocation_endpoint: `${issuer}/revoke`,
  pushed_authorization_request_endpoint: `${issuer}/par`,
  end_session_endpoint: `${issuer}/end-session`,
  code_challenge_methods_supported: ['S256'],
  id_token_signing_alg_values_supported: ['ES256'],
  authorization_signing_alg_values_supported: ['ES256'],
  authorization_response_iss_parameter_supported: true,
}

/** Where its endpoints listen; the token endpoint has a second, internal address. */
export const endpointOf: Readonly<Record<string, EndpointName>> = {
  [`${issuer}/.well-known/openid-configuration`]: 'metadata',
  // The place of a multi-tenant server's metadata.
  [`${issuer}/common/v2.0/.well-known/openid-configuration`]: 'metadata',
  [`${issuer}/jwks`]: 'jwks',
  [`${issuer}/token`]: 'token',
  [`${issuer}/internal/token`]: 'token',
  [`${issuer}/revoke`]: 'revocation',
  [`${issuer}/par`]: 'par',
}
