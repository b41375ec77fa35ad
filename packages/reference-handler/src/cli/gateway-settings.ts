// What `token-handler gateway` prints: what a gateway has to know of the configuration, without any secret.
import type { Deployment } from '../configuration/load.ts'
import { routeSchema } from '../configuration/route-schema.ts'
import type { Configuration } from '../configuration/schema.ts'
import { tenantsOf } from './tenants-of.ts'

/** Where a gateway hands on what only the handler can do: exchange opaque access tokens. */
const OPAQUE_TOKENS = '@token_handler_opaque'

/** The settings of a gateway; members that are `undefined` vanish in JSON. */
export function gatewaySettingsOf(deployment: Deployment): object {
  const tenants = tenantsOf(deployment).map(({ host, path, configuration }) => ({
    host,
    path,
    ...settingsOf(configuration),
  }))
  return deployment.kind === 'tenants' ? { tenants } : { ...tenants[0] }
}

function settingsOf(configuration: Configuration): object {
  const { cookies, exposeErrorDetails, introspection, routes, trustedOrigins } = configuration
  return {
    trustedOrigins,
    cookies: { prefix: cookies.prefix },
    routes: routes.map(describeRoute),
    ...(introspection.enabled && { opaqueTokens: OPAQUE_TOKENS }),
    ...(exposeErrorDetails && { exposeErrorDetails }),
  }
}

/** Without its time limit, which nginx has in a location, and without what is as by default. */
function describeRoute(route: Configuration['routes'][number]): object {
  const { path, upstream, methods, audience, eventSource, webSocket } = route
  const defaults = routeSchema.parse({ path, upstream })
  return {
    path,
    upstream,
    ...(methods.join() !== defaults.methods.join() && { methods }),
    ...(audience !== undefined && { audience }),
    ...(eventSource && { eventSource }),
    ...(webSocket && { webSocket }),
  }
}
