// Which issuer identifiers are the authorization server's: one, or one for each tenant of a multi-tenant server.
import type { Configuration } from '../configuration/schema.ts'
import type { Metadata } from './metadata.ts'

/** The issuer that tokens have to name. */
export interface ExpectedIssuer {
  /** The issuer identifier, or a template with `{tenantid}`. */
  readonly expected: string
  /** The tenants whose tokens are accepted, where it is a template. */
  readonly tenants: readonly string[]
}

/** What Microsoft Entra ID writes into the issuer of its metadata for several organisations. */
export const TENANT_PLACEHOLDER = '{tenantid}'

/** The issuer of a configuration, as its metadata says it. */
export function expectedIssuer(
  { allowedTenants = [] }: Configuration['authorizationServer'],
  metadata: Metadata,
): ExpectedIssuer {
  return { expected: metadata.issuer, tenants: allowedTenants }
}

/**
 * Whether the claims of a token are the authorization server's. In a template the claim `tid` stands for the
 * placeholder, and has to be one of the tenants that are allowed.
 *
 * @see {@link https://openid.net/specs/openid-connect-core-1_0.html#IDTokenValidation OpenID Connect Core section 3.1.3.7}
 */
export function isIssuer(
  { expected, tenants }: ExpectedIssuer,
  { iss, tid }: Readonly<Record<string, unknown>>,
): boolean {
  if (!expected.includes(TENANT_PLACEHOLDER)) return iss === expected
  const isAllowed = typeof tid === 'string' && tenants.includes(tid)
  return isAllowed && iss === expected.replace(TENANT_PLACEHOLDER, tid)
}
