// What a gateway shows to the handler, and what answers to it are sealed with: both derived from the cookie secrets.
import { base64url } from 'jose'
import type { Configuration } from '../configuration/schema.ts'
import type { Ports } from '../ports.ts'
import { secretsOf } from '../sealing/configured-sealer.ts'
import { createSealer } from '../sealing/jwe-sealer.ts'

/** The role that answers are sealed for, under {@link gatewayTenantOf}; no cookie has that tenant. */
export const ANSWER_ROLE = 'proxy'

/** Bits of a credential. */
export const CREDENTIAL_BITS = 256

const utf8 = new TextEncoder()

/** Whose answers these are. A list of three, where a tenant's own name is one of two: no cookie opens as an answer. */
export const gatewayTenantOf = ({ authorizationServer, client }: Configuration): string =>
  JSON.stringify(['gateway', authorizationServer.issuer, client.id])

/** The inputs of HKDF (RFC 5869) for the credential of the gateways of a configuration. */
export const credentialDerivationOf = (configuration: Configuration) => ({
  salt: utf8.encode('token-handler gateway'),
  info: utf8.encode(JSON.stringify([gatewayTenantOf(configuration), 'credential'])),
})

/** How the handler knows gateways, and answers so that nobody else can read it. */
export interface GatewayAccess {
  /** Whether a request has a credential that was derived from one of the cookie secrets. */
  readonly isGateway: (request: Request) => Promise<boolean>
  /** Resolves with a compact JWE that only the holder of `token-handler keys` opens. */
  readonly seal: (content: readonly unknown[]) => Promise<string>
}

/** Creates the access of one configuration. */
export function createGatewayAccess(configuration: Configuration, ports: Ports): GatewayAccess {
  const secrets = secretsOf(configuration, ports)
  const tenant = gatewayTenantOf(configuration)
  const sealer = (ports.createSealer ?? createSealer)({ secrets, tenant })
  let derivedFrom: readonly string[] | undefined
  let digests: Promise<readonly string[]> = Promise.resolve([])

  /** Hashes of all credentials: comparing those tells nothing about how much of a guess was right. */
  function known(): Promise<readonly string[]> {
    const current = secrets()
    if (current !== derivedFrom) {
      digests = Promise.all(
        current.map(async (secret) => await digest(await deriveCredential(secret, configuration))),
      )
      derivedFrom = current
    }
    return digests
  }

  return {
    async isGateway(request) {
      const [, credential] =
        /^Bearer ([\w-]{43})$/.exec(request.headers.get('authorization') ?? '') ?? []
      return credential !== undefined && (await known()).includes(await digest(credential))
    },
    seal: (content) => sealer.seal(ANSWER_ROLE, content),
  }
}

async function deriveCredential(secret: string, configuration: Configuration): Promise<string> {
  const bytes = utf8.encode(secret)
  const material = await crypto.subtle.importKey('raw', bytes, 'HKDF', false, ['deriveBits'])
  const hkdf = { name: 'HKDF', hash: 'SHA-256', ...credentialDerivationOf(configuration) }
  const bits = await crypto.subtle.deriveBits(hkdf, material, CREDENTIAL_BITS)
  return base64url.encode(new Uint8Array(bits))
}

const digest = async (text: string): Promise<string> =>
  base64url.encode(new Uint8Array(await crypto.subtle.digest('SHA-256', utf8.encode(text))))
