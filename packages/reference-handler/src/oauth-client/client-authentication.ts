// Client authentication: with a secret, or with a signature.
import { compactVerify, importJWK } from 'jose'
import * as oauth from 'oauth4webapi'
import type { Configuration } from '../configuration/schema.ts'
import { importKey, publicHalf } from './dpop-keys.ts'

type Client = Configuration['client']
type PrivateKey = NonNullable<Client['privateKey']>

/**
 * Creates the authentication of a confidential client. It goes with every request to the token,
 * revocation and pushed authorization request endpoint.
 *
 * @throws when the client has no credential, which no parsed configuration lacks
 * @see {@link https://www.rfc-editor.org/rfc/rfc6749#section-2.3 RFC 6749 section 2.3}
 * @see {@link https://openid.net/specs/openid-connect-core-1_0.html#ClientAuthentication OpenID Connect Core section 9}
 */
export function createClientAuthentication(client: Client): oauth.ClientAuth {
  const { authentication, privateKey, secret } = client
  if (authentication === 'private_key_jwt' && privateKey) {
    return signAssertions(privateKey, client.assertionAudience)
  }
  if (authentication === 'client_secret_basic' && secret)
    return basicAuthentication(client.id, secret)
  if (authentication === 'client_secret_post' && secret) return oauth.ClientSecretPost(secret)
  // The TLS connection authenticates the client, and its id says which one it is (RFC 8705 section 2).
  if (authentication === 'tls_client_auth' || authentication === 'self_signed_tls_client_auth') {
    return oauth.TlsClientAuth()
  }
  throw new Error(`The client has no credential for ${authentication}.`)
}

/**
 * `client_secret_basic`, encoded as HTML forms are: letters, digits and `* - . _` stand for themselves. The library
 * escapes `- . _` as well, which means the same to servers that decode, and refuses the client at those that do not.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc6749#section-2.3.1 RFC 6749 section 2.3.1}
 * @see {@link https://url.spec.whatwg.org/#concept-urlencoded-serializer URL, application/x-www-form-urlencoded}
 */
const basicAuthentication = (id: string, secret: string): oauth.ClientAuth => {
  const authorization = `Basic ${btoa(`${encodeForm(id)}:${encodeForm(secret)}`)}`
  return (_server, _client, _body, headers) => {
    headers.set('authorization', authorization)
  }
}

const encodeForm = (text: string): string => new URLSearchParams([['', text]]).toString().slice(1)

/**
 * Whether a client can authenticate: whether its private key, where it has one, signs what its own
 * public members verify. To be asked before the first request needs the signature.
 */
export async function canAuthenticate({ id, privateKey }: Client): Promise<boolean> {
  if (privateKey === undefined) return true
  try {
    const form = new URLSearchParams()
    const sign = await importPrivateKey(privateKey, undefined)
    await sign(
      { issuer: 'https://authorization-server.invalid' },
      { client_id: id },
      form,
      new Headers(),
    )
    const verificationKey = await importJWK(publicHalf(privateKey), privateKey.alg)
    await compactVerify(form.get('client_assertion') ?? '', verificationKey)
    return true
  } catch {
    return false
  }
}

/**
 * Which of the client's DPoP keys cannot prove possession: those that sign nothing that their own public members
 * verify. To be asked before the first request needs a proof.
 *
 * @returns their places in the list
 */
export async function findUnusableDpopKeys({ dpopKeys = [] }: Client): Promise<readonly number[]> {
  const request = { method: 'GET', url: 'https://api.invalid/', accessToken: 'none' }
  const isUsable = async (key: PrivateKey): Promise<boolean> => {
    try {
      const { prove } = await importKey(key, () => 0)
      await compactVerify(await prove(request), await importJWK(publicHalf(key), key.alg))
      return true
    } catch {
      return false
    }
  }
  const usable = await Promise.all(dpopKeys.map(isUsable))
  return usable.flatMap((isGood, index) => (isGood ? [] : [index]))
}

/** Importing a key takes a promise, so the first request does it. */
function signAssertions(privateKey: PrivateKey, audience: string | undefined): oauth.ClientAuth {
  let imported: Promise<oauth.ClientAuth> | undefined
  return async (...request) => {
    imported ??= importPrivateKey(privateKey, audience)
    await (
      await imported
    )(...request)
  }
}

/**
 * Assertions name the issuer as their sole audience, and their type, as RFC 10070 has it. Servers that are older than
 * that may want their token endpoint as audience (Okta, Microsoft Entra ID), or the thumbprint of a certificate.
 *
 * @param audience - the audience in place of the issuer
 * @see {@link https://www.rfc-editor.org/rfc/rfc10070#section-4 RFC 10070 section 4}
 * @see {@link https://www.rfc-editor.org/rfc/rfc7515#section-4.1.7 RFC 7515 sections 4.1.7 and 4.1.8}
 */
async function importPrivateKey(
  privateKey: PrivateKey,
  audience: string | undefined,
): Promise<oauth.ClientAuth> {
  const key = await importJWK(privateKey, privateKey.alg)
  if (key instanceof Uint8Array) throw new TypeError('The private key is a symmetric one.')
  const { kid, x5t, 'x5t#S256': x5tS256 } = privateKey
  return oauth.PrivateKeyJwt(kid === undefined ? key : { key, kid }, {
    [oauth.modifyAssertion]: (header, payload) => {
      header['typ'] = 'client-authentication+jwt'
      if (x5t !== undefined) header['x5t'] = x5t
      if (x5tS256 !== undefined) header['x5t#S256'] = x5tS256
      if (audience !== undefined) payload['aud'] = audience
    },
  })
}
