// A tenant: one SPA with its client, its cookies and its routes, and where it lives.
import type { Configuration } from './schema.ts'

/** Where a tenant lives. */
export interface TenantPlace {
  /** The host name that requests name, without a port; without it, any that is no other tenant's. */
  readonly host?: string | undefined
  /** All of the tenant's paths equal this one or lie below it. */
  readonly path?: string | undefined
}

/** A tenant. */
export interface Tenant extends TenantPlace {
  readonly configuration: Configuration
}
