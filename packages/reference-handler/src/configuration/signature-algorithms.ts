// The signature algorithms of both sides: of the client's assertions, and of what the authorization server signs.

/**
 * Those that the FAPI 2.0 Security Profile allows.
 *
 * @see {@link https://openid.net/specs/fapi-security-profile-2_0-final.html#section-5.4.1 FAPI 2.0 Security Profile section 5.4.1}
 */
export const fapiAlgorithms: readonly string[] = ['PS256', 'ES256', 'Ed25519', 'EdDSA']

/** Asymmetric ones: whoever verifies has no key to sign with (RFC 7518 section 3.1, RFC 8037, RFC 9864). */
export const signatureAlgorithms = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'Ed25519',
  'EdDSA',
] as const
