// Finding the tenant of a request: by its host, then by its path, and never another one instead.

import type { TenantPlace } from '../configuration/tenant.ts'

/**
 * Finds the tenant of a request.
 *
 * @param host - the `Host` that the client asked for, with or without a port
 * @param target - the request target as raw text; its path is compared as it stands, so that no
 *   encoding of a path finds a tenant that its plain form does not
 */
export type TenantSelector<Tenant> = (
  host: string | undefined,
  target: string,
) => Tenant | undefined

/**
 * Creates the selector. A host that belongs to some tenant belongs to no other: what none of its
 * tenants' paths contain, go to no tenant.
 *
 * @param tenants - no two in the same place, see `parseTenants`
 *
 * @example
 * import { createTenantSelector } from '@token-handler/reference-handler'
 *
 * const select = createTenantSelector([{ host: 'api.shop.example' }, { host: 'api.bank.example' }])
 * console.log(select('api.shop.example', '/api/orders')?.host)
 */
export function createTenantSelector<Tenant extends TenantPlace>(
  tenants: readonly Tenant[],
): TenantSelector<Tenant> {
  const byHost = new Map<string | undefined, Tenant[]>()
  for (const tenant of tenants) {
    const host = tenant.host?.toLowerCase()
    byHost.set(host, [...(byHost.get(host) ?? []), tenant])
  }
  return (host, target) => {
    const neighbours = byHost.get(hostName(host)) ?? byHost.get(undefined) ?? []
    const [path = ''] = target.split(/[?#]/)
    return neighbours.find((tenant) => isBelow(tenant.path, path))
  }
}

/** Of `[::1]:3000` what stands before the port. */
const hostName = (host: string | undefined) => host?.toLowerCase().replace(/:\d*$/, '')

const isBelow = (parent: string | undefined, path: string) =>
  parent === undefined || path === parent || path.startsWith(`${parent}/`)
