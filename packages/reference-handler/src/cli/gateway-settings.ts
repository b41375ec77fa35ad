// What `token-handler gateway` prints: what a gateway has to know of the configuration, without any secret.
import type { Deployment } from '../configuration/load.ts'
import { routeSchema } from '../configuration/route-schema.ts'
import { ConfigurationError } from '../configuration/configuration-error.ts'
import type { Mistake } from '../configuration/configuration-error.ts'
import type { Configuration } from '../configuration/schema.ts'
import { refuseBoundTokens } from './refuse-bound-tokens.ts'
import { tenantsOf } from './tenants-of.ts'

/** Where a gateway hands on what only the handler can do: exchange opaque access tokens. */
const OPAQUE_TOKENS = '@token_handler_opaque'

/**
 * The settings of a gateway; members that are `undefined` vanish in JSON.
 *
 * @throws {ConfigurationError} when a route says what a gateway does not know
 */
export function gatewaySettingsOf(deployment: Deployment): object {
  refuseBoundTokens(deployment)
  const mistakes = tenantsOf(deployment).flatMap(({ configuration }) =>
    configuration.routes.flatMap(findUnknown),
  )
  if (mistakes.length > 0) throw new ConfigurationError(mistakes)
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

/** What a route says and the proxy inside nginx does not do: to leave it out quietly would change what is allowed. */
function findUnknown(route: Configuration['routes'][number], index: number): readonly Mistake[] {
  const { cookies, exchange, preserveHost, session, tls } = route
  const said = {
    session: session === 'optional',
    preserveHost,
    cookies: cookies.length > 0,
    tls: tls !== undefined,
    exchange: exchange !== undefined,
  }
  return Object.entries(said).flatMap(([name, isSaid]) =>
    isSaid
      ? [
          {
            setting: `routes[${index}].${name}`,
            message: `is not known to the proxy inside nginx; leave the route ${route.path} to the handler, or see docs/nginx.md`,
          },
        ]
      : [],
  )
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
