// The tenants of a deployment; one that has none is a single tenant, wherever requests come in.
import type { Deployment } from '../configuration/load.ts'
import type { Tenant } from '../configuration/tenant.ts'

/** All tenants, in the order of the file. */
export const tenantsOf = ({ kind, configuration }: Deployment): readonly Tenant[] =>
  kind === 'tenants' ? configuration.tenants : [{ configuration }]
