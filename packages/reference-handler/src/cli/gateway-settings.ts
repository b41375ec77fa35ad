// What `token-handler gateway` prints: what a gateway has to know of the configuration, without any secret.
import type { Deployment } from '../configuration/load.ts'
import { routeSchema } from '../configuration/route-schema.ts'
import { ConfigurationError } from '../configuration/configuration-error.ts'
import type { Mistake } from '../configuration/configuration-error.ts'
import type { Configuration } from '../configuration/schema.ts'
import { questionsOf } from './needs-handler.ts'
import { refuseBoundTokens } from './refuse-bound-tokens.ts'
import { tenantsOf } from './tenants-of.ts'

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
  const { agentPath, cookies, exposeErrorDetails, routes, server, trustedOrigins } = configuration
  const questions = Object.entries(questionsOf(configuration)).filter(([, isAsked]) => isAsked)
  return {
    trustedOrigins,
    cookies: { prefix: cookies.prefix },
    routes: routes.map(describeRoute),
    ...(questions.length > 0 && { agentPath, ...Object.fromEntries(questions) }),
    ...(server.traceContext === 'drop' && { traceContext: 'drop' }),
    ...(exposeErrorDetails && { exposeErrorDetails }),
  }
}

/** What a route says and the proxy inside nginx does not do: to leave it out quietly would change what is allowed. */
function findUnknown(
  { exchange, path, tls }: Configuration['routes'][number],
  index: number,
): readonly Mistake[] {
  const reasons = {
    tls: tls && tlsMessage(path),
    exchange:
      exchange &&
      `is not known to the proxy inside nginx; leave the route ${path} to the handler, or see docs/nginx.md`,
  }
  return Object.entries(reasons).flatMap(([name, message]) =>
    message === undefined ? [] : [{ setting: `routes[${index}].${name}`, message }],
  )
}

const tlsMessage = (path: string) =>
  `is nginx's own affair: say it with proxy_ssl_trusted_certificate, proxy_ssl_certificate and proxy_ssl_certificate_key in a location that the route ${path} names in the gateway's settings, and leave it out of the configuration that token-handler gateway reads; see docs/nginx.md`

/** Without its time limit, which nginx has in a location, and without what is as by default. */
function describeRoute(route: Configuration['routes'][number]): object {
  const { path, upstream, methods, session, audience, eventSource, webSocket } = route
  const { preserveHost, cookies } = route
  const defaults = routeSchema.parse({ path, upstream })
  return {
    path,
    upstream,
    ...(methods.join() !== defaults.methods.join() && { methods }),
    ...(session === 'optional' && { session }),
    ...(audience !== undefined && { audience }),
    ...(eventSource && { eventSource }),
    ...(webSocket && { webSocket }),
    ...(preserveHost && { preserveHost }),
    ...(cookies.length > 0 && { cookies }),
  }
}
