// Fresh signing keys for every start.
import { exportJWK, generateKeyPair } from 'jose'
import type { JWK } from 'oidc-provider'

/** How the authorization server may sign access tokens. */
export type AccessTokenAlgorithm = 'RS256' | 'ES256' | 'EdDSA'

/** OpenID Connect Core section 15.1 makes every provider support this one. */
const ID_TOKEN_ALGORITHM = 'RS256'

async function createSigningKey(alg: AccessTokenAlgorithm): Promise<JWK> {
  const { privateKey } = await generateKeyPair(alg, { extractable: true })
  const { kty = '', ...key } = await exportJWK(privateKey)
  return { kty, ...key, alg, use: 'sig', kid: `${alg}-1` }
}

/** Private keys for ID tokens and access tokens; one when both use the same algorithm. */
export async function createSigningKeys(alg: AccessTokenAlgorithm): Promise<JWK[]> {
  return Promise.all([...new Set([ID_TOKEN_ALGORITHM, alg] as const)].map(createSigningKey))
}
