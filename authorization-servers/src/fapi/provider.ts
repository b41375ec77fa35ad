// oidc-provider with the FAPI 2.0 Security Profile on: pushed requests, signed assertions or certificates, bound tokens.
import { generateKeyPairSync, randomBytes } from 'node:crypto'
import type { X509Certificate } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { TLSSocket } from 'node:tls'
import { exportJWK } from 'jose'
import type { JWK } from 'jose'
import { Provider } from 'oidc-provider'
import type { ClientMetadata, Configuration } from 'oidc-provider'

/** What the access tokens are for. */
export const ORDERS = 'https://orders.example'

/** The DNS name in the certificate of the handler, by which a server knows the client. */
export const HANDLER_NAME = 'handler.internal'

/** How the provider knows the client, and what it binds tokens to. */
export interface FapiOptions {
  readonly issuer: string
  /** The same server, where it asks for the certificates of clients. */
  readonly mtlsUrl: string
  readonly client: Partial<ClientMetadata>
}

const certificateOf = ({ socket }: IncomingMessage): X509Certificate | undefined =>
  socket instanceof TLSSocket ? socket.getPeerX509Certificate() : undefined

/** Endpoints of clients with a certificate (RFC 8705 section 5). */
const aliasesAt = (url: string) => ({
  token_endpoint: `${url}/token`,
  revocation_endpoint: `${url}/token/revocation`,
  pushed_authorization_request_endpoint: `${url}/request`,
})

/** Creates the provider. It answers on both of its URLs. */
export async function createFapiProvider({
  issuer,
  mtlsUrl,
  client,
}: FapiOptions): Promise<Provider> {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const signingKey: JWK = { ...(await exportJWK(privateKey)), kid: 'k1', alg: 'ES256', use: 'sig' }
  const configuration: Configuration = {
    clients: [
      {
        client_id: 'spa',
        grant_types: ['authorization_code', 'refresh_token'],
        response_types: ['code'],
        id_token_signed_response_alg: 'ES256',
        ...client,
      },
    ],
    claims: { openid: ['sub'], profile: ['name'] },
    clientAuthMethods: ['private_key_jwt', 'tls_client_auth', 'self_signed_tls_client_auth'],
    conformIdTokenClaims: false,
    cookies: { keys: [randomBytes(32).toString('hex')] },
    discovery: { mtls_endpoint_aliases: aliasesAt(mtlsUrl) },
    features: {
      devInteractions: { enabled: true },
      dPoP: { enabled: true, nonceSecret: randomBytes(32), requireNonce: () => true },
      fapi: { enabled: true, profile: '2.0' },
      mTLS: {
        enabled: true,
        certificateBoundAccessTokens: true,
        tlsClientAuth: true,
        selfSignedTlsClientAuth: true,
        getCertificate: ({ req }) => certificateOf(req),
        certificateAuthorized: ({ req: { socket } }) =>
          socket instanceof TLSSocket && socket.authorized,
        certificateSubjectMatches: ({ req }, property, expected) =>
          property === 'tls_client_auth_san_dns' &&
          certificateOf(req)?.subjectAltName === `DNS:${expected}`,
      },
      pushedAuthorizationRequests: { enabled: true, requirePushedAuthorizationRequests: true },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => ORDERS,
        getResourceServerInfo: () => ({
          scope: 'orders',
          audience: ORDERS,
          accessTokenFormat: 'jwt',
          jwt: { sign: { alg: 'ES256' } },
        }),
        useGrantedResource: () => true,
      },
      revocation: { enabled: true },
    },
    findAccount: (_ctx, sub) => ({
      accountId: sub,
      claims: () => ({ sub, name: 'Alice Andersson' }),
    }),
    issueRefreshToken: (_ctx, requester) => requester.grantTypeAllowed('refresh_token'),
    jwks: { keys: [signingKey] },
    pkce: { required: () => true },
    rotateRefreshToken: true,
  }
  const provider = new Provider(issuer, configuration)
  provider.silent = true
  return provider
}
