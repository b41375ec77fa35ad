// The configuration of a handler with several tenants: a configuration for each, and where it lives.
import * as z from 'zod/mini'
import { ConfigurationError } from './configuration-error.ts'
import type { Mistake } from './configuration-error.ts'
import { check } from './describe-mistakes.ts'
import { isObject } from './objects.ts'
import { checkConfiguration } from './parse.ts'
import { path } from './route-schema.ts'
import type { Configuration } from './schema.ts'
import { findConflicts } from './tenant-conflicts.ts'
import type { Tenant } from './tenant.ts'

/** Several tenants on one server. */
export interface TenantsConfiguration {
  readonly server: Configuration['server']
  /** The store of all tenants; without it, as if nothing were set. */
  readonly redis?: Configuration['redis']
  readonly tenants: readonly Tenant[]
}

const tenantSchema = z.looseObject({
  /** The host name by which clients ask for the tenant. */
  host: z.optional(
    z
      .string()
      .check(
        z.regex(/^[a-z\d-]+(?:\.[a-z\d-]+)*$/i, 'must be a host name, without scheme and port'),
      ),
  ),
  /** Where all of its paths lie: the agent's, and those of its routes. */
  path: z.optional(path),
  server: z.optional(z.undefined('is one for all tenants; move it beside tenants')),
  redis: z.optional(z.undefined('is one for all tenants; move it beside tenants')),
})

const tenantsSchema = z.strictObject({
  server: z.optional(z.unknown()),
  redis: z.optional(z.unknown()),
  tenants: z.array(tenantSchema).check(z.minLength(1, 'needs at least one tenant')),
})

/** Whether what an operator wrote is meant to be several tenants. */
export function hasTenants(input: unknown): boolean {
  return isObject(input) && 'tenants' in input
}

/**
 * Checks a configuration with several tenants.
 *
 * @param input - `{ server, tenants }`; each tenant is a configuration without `server`, with a
 *   `host`, a `path` or both
 * @returns the tenants with their defaults, to be handed to `createTenants` or `createTenantServer`
 * @throws {ConfigurationError} with every mistake of every tenant, and everything that would let two
 *   of them be confused
 *
 * @example
 * import { readFile } from 'node:fs/promises'
 * import { parseTenants } from '@token-handler/reference-handler'
 *
 * const { tenants } = parseTenants(JSON.parse(await readFile('tenants.json', 'utf8')))
 * console.log(tenants.map(({ host, path }) => host ?? path))
 */
export function parseTenants(input: unknown): TenantsConfiguration {
  const frame = check(tenantsSchema, input, [])
  if ('mistakes' in frame) throw new ConfigurationError(frame.mistakes)
  const { server = {}, redis = {}, tenants: entries } = frame.value

  const mistakes: Mistake[] = []
  const tenants = entries.flatMap(({ host, path, ...settings }, index): readonly Tenant[] => {
    const result = checkConfiguration({ ...settings, server, redis }, [])
    if ('configuration' in result) return [{ host, path, configuration: result.configuration }]
    mistakes.push(
      ...result.mistakes
        .map((mistake) => within(index, mistake))
        .filter(({ setting }) => index === 0 || !isOfServer(setting)),
    )
    return []
  })
  if (mistakes.length === 0) mistakes.push(...findConflicts(tenants))
  const [first] = tenants
  if (first === undefined || mistakes.length > 0) throw new ConfigurationError(mistakes)
  const { server: place, redis: store } = first.configuration
  return { server: place, redis: store, tenants }
}

/** There is one server and one store for all tenants, and their mistakes are named once. */
const isOfServer = (setting: string): boolean => /^(?:server|redis)(?:\.|$)/.test(setting)

const within = (index: number, { setting, message }: Mistake): Mistake => ({
  setting: isOfServer(setting) ? setting : `tenants[${index}].${setting}`,
  message,
})
