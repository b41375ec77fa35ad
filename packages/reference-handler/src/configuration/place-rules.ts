// Rules about places: the paths and ports of agent, proxy, health and metrics.
import type { GatewayName } from '../forward-auth/gateway-names.ts'
import { HEALTH_PATH, READY_PATH } from './health-paths.ts'
import type { Rule } from './rule.ts'
import { containsPath } from './urls.ts'

const healthPaths = [HEALTH_PATH, READY_PATH]

export const agentIsApart: Rule = {
  about: ['agentPath'],
  *mistakes({ agentPath }) {
    if (healthPaths.some((path) => containsPath(path, agentPath))) {
      yield {
        path: ['agentPath'],
        message: `is taken: this server answers ${healthPaths.join(' and ')} itself; choose another path`,
      }
    }
  },
}

export const routesAreApart: Rule = {
  about: ['agentPath', 'routes'],
  *mistakes({ agentPath, routes }) {
    const paths = routes.map((route) => route.path)
    for (const [index, path] of paths.entries()) {
      const own = [agentPath, ...healthPaths].find(
        (other) => containsPath(other, path) || containsPath(path, other),
      )
      if (own !== undefined) {
        yield {
          path: ['routes', index, 'path'],
          message: `overlaps with ${own}, which this server answers itself; choose another path`,
        }
      }
      if (paths.indexOf(path) < index) {
        yield {
          path: ['routes', index, 'path'],
          message: `is the path of routes[${paths.indexOf(path)}] too; remove one of them`,
        }
      }
    }
  },
}

/** `EventSource` and WebSockets begin with GET, and with nothing else. */
export const routesCanBeOpened: Rule = {
  about: ['routes'],
  *mistakes({ routes }) {
    for (const [index, route] of routes.entries()) {
      if (route.methods.includes('GET')) continue
      for (const setting of ['eventSource', 'webSocket'] as const) {
        if (!route[setting]) continue
        yield {
          path: ['routes', index, setting],
          message: 'begins with GET, which methods does not list; add it there, or remove this',
        }
      }
    }
  },
}

export const metricsAreApart: Rule = {
  about: ['server'],
  *mistakes({ server: { metricsPort, port } }) {
    if (metricsPort !== port || port === 0) return
    yield {
      path: ['server', 'metricsPort'],
      message: 'is server.port too; choose another port, which pages cannot reach',
    }
  },
}

/** Whoever reads a decision has the access token: only gateways that are named get one, on a port of its own. */
export const forwardAuthIsApart: Rule = {
  about: ['server'],
  *mistakes({ server: { forwardAuth, forwardAuthPort, metricsPort, port, trustedProxies } }) {
    if (forwardAuth === undefined) return
    const other =
      forwardAuthPort === port ? 'port' : forwardAuthPort === metricsPort && 'metricsPort'
    if (other !== false && forwardAuthPort !== 0) {
      yield {
        path: ['server', 'forwardAuthPort'],
        message: `is server.${other} too; choose another port, which pages cannot reach`,
      }
    }
    if (trustedProxies.length > 0) return
    yield {
      path: ['server', 'trustedProxies'],
      message:
        'is empty; name the addresses of the gateway, which alone may ask by server.forwardAuth',
    }
  },
}

/** Those that forward the path as it is, or cannot change it without decoding it: it would not be the one that was judged. */
const keepPaths: ReadonlySet<string | undefined> = new Set<GatewayName>([
  'caddy',
  'envoy',
  'traefik',
])

/** Of a gateway that keeps paths: the API would be asked for another one than the route says. */
export const gatewayKeepsPaths: Rule = {
  about: ['routes', 'server'],
  *mistakes({ routes, server: { forwardAuth } }) {
    if (!keepPaths.has(forwardAuth)) return
    for (const [index, { path, upstream }] of routes.entries()) {
      if (new URL(upstream).pathname === path) continue
      yield {
        path: ['routes', index, 'upstream'],
        message: `has to end with ${path}, the path of its route: with server.forwardAuth "${forwardAuth}" no path is changed`,
      }
    }
  },
}

/**
 * The answers of APIs, with the nonces they want in proofs, do not come by here, and a gateway that repeats a request
 * repeats its proof. The mistake is a tenant's: `server` is one for all.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc9449#section-9 RFC 9449 section 9} and section 11.1, on replay
 */
export const gatewayProvesNothing: Rule = {
  about: ['client', 'server'],
  *mistakes({ client: { dpopKeys }, server: { forwardAuth } }) {
    if (forwardAuth === undefined || dpopKeys === undefined) return
    yield {
      path: ['client', 'dpopKeys'],
      message:
        'cannot be used with server.forwardAuth: the gateway would repeat proofs (DPoP), and keep the nonces of APIs from the handler; remove server.forwardAuth, so that the handler forwards to the APIs, or remove this',
    }
  },
}

/** TLS is with an upstream on https, and a certificate is of use with its key only. */
export const routeTlsIsWhole: Rule = {
  about: ['routes'],
  *mistakes({ routes }) {
    for (const [index, { tls, upstream }] of routes.entries()) {
      if (tls === undefined) continue
      if (new URL(upstream).protocol !== 'https:') {
        yield {
          path: ['routes', index, 'tls'],
          message: 'is of no use for an upstream on http; remove it, or make the upstream https',
        }
      }
      const missing = { certificateFile: tls.keyFile, keyFile: tls.certificateFile }
      for (const [setting, other] of Object.entries(missing)) {
        if (other === undefined || tls[setting === 'keyFile' ? 'keyFile' : 'certificateFile'])
          continue
        yield {
          path: ['routes', index, 'tls', setting],
          message: 'is missing; a certificate needs its key, and a key its certificate',
        }
      }
    }
  },
}
