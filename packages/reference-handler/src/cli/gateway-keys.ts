// What `token-handler keys` prints: the keys with which a gateway opens proxy cookies, and nothing else.
import { hkdfSync } from 'node:crypto'
import type { Deployment } from '../configuration/load.ts'
import type { Configuration } from '../configuration/schema.ts'
import { deriveKey } from '../hosts/node/derive-key.ts'
import { tenantOf } from '../sealing/configured-sealer.ts'
import {
  ANSWER_ROLE,
  CREDENTIAL_BITS,
  credentialDerivationOf,
  gatewayTenantOf,
} from '../gateway/gateway-access.ts'
import { needsHandler } from './needs-handler.ts'
import { refuseBoundTokens } from './refuse-bound-tokens.ts'
import { tenantsOf } from './tenants-of.ts'

/** A derived key: it opens one role of one tenant, and tells nothing about the secret. */
export interface GatewayKey {
  /** Session and login cookies are the agent's: no gateway gets their keys. */
  readonly role: 'proxy'
  /** As in the header of the cookies that it opens. */
  readonly kid: string
  /** 32 bytes in base64url, for AES-256-GCM. */
  readonly key: string
}

/** How a gateway asks the handler, and reads its answers; worth nothing to open or make cookies. */
export interface HandlerKey {
  /** As in the header of the answers that it opens. */
  readonly kid: string
  /** 32 bytes in base64url, for AES-256-GCM. */
  readonly key: string
  /** What questions are sent with. */
  readonly credential: string
}

/** The keys of all tenants; a deployment without tenants has one, without host and path. */
export interface GatewayKeys {
  readonly tenants: readonly {
    readonly host?: string | undefined
    readonly path?: string | undefined
    /** In the order of the secrets: newest first. */
    readonly keys: readonly GatewayKey[]
    /** In the same order; only where the gateway has to ask the handler. */
    readonly handler?: readonly HandlerKey[] | undefined
  }[]
}

/**
 * Derives the keys of a deployment, one for each secret.
 *
 * @throws {ConfigurationError} where access tokens are bound to keys
 */
export function gatewayKeysOf(deployment: Deployment): GatewayKeys {
  refuseBoundTokens(deployment)
  return {
    tenants: tenantsOf(deployment).map(({ host, path, configuration }) => ({
      host,
      path,
      keys: keysOf(configuration),
      handler: needsHandler(configuration) ? handlerKeysOf(configuration) : undefined,
    })),
  }
}

const keysOf = (configuration: Configuration): GatewayKey[] =>
  configuration.cookies.secrets.map((secret) => {
    const { kid, key } = deriveKey(secret, tenantOf(configuration), 'proxy')
    return { role: 'proxy', kid, key: key.toString('base64url') }
  })

const handlerKeysOf = (configuration: Configuration): HandlerKey[] =>
  configuration.cookies.secrets.map((secret) => {
    const { kid, key } = deriveKey(secret, gatewayTenantOf(configuration), ANSWER_ROLE)
    const { salt, info } = credentialDerivationOf(configuration)
    const credential = Buffer.from(hkdfSync('sha256', secret, salt, info, CREDENTIAL_BITS / 8))
    return {
      kid,
      key: key.toString('base64url'),
      credential: credential.toString('base64url'),
    }
  })
