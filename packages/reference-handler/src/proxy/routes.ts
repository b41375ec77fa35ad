// Finding the route of a path, and what the path is called behind it.
import type { Configuration } from '../configuration/schema.ts'

/** A route of the configuration. */
export type Route = Configuration['routes'][number]

/** A route and the place behind it. */
export interface RouteMatch {
  readonly route: Route
  /** Scheme, host and port of the upstream. */
  readonly origin: string
  /** The upstream's own path, followed by the rest of the request's path as the client encoded it. */
  readonly path: string
}

/** Finds the route of a path, see {@link createRouter}. */
export type Router = (path: string, decodedPath: string) => RouteMatch | undefined

/**
 * Creates the function that finds a route: the one with the longest path that the request's path
 * equals or lies below, segment by segment. Decoded paths are compared, so that encoding a letter
 * cannot choose a more lenient route.
 *
 * @param routes - from the configuration: no two with the same path
 */
export function createRouter(routes: readonly Route[]): Router {
  const candidates = routes
    .map((route) => ({
      route,
      below: `${route.path}/`,
      depth: route.path.split('/').length - 1,
      ...readUpstream(route),
    }))
    .sort((a, b) => b.route.path.length - a.route.path.length)

  return (path, decodedPath) => {
    const plainPath = withoutParameters(decodedPath)
    const found = candidates.find(
      ({ route, below }) => plainPath === route.path || plainPath.startsWith(below),
    )
    if (found === undefined) return undefined
    const { route, origin, basePath, depth } = found
    return { route, origin, path: basePath + skipSegments(path, depth) || '/' }
  }
}

/** Path parameters (`/admin;a=b/`) are no part of a name to servers that know them. */
const withoutParameters = (path: string) =>
  path.includes(';') ? path.replaceAll(/;[^/]*/g, '') : path

/** Where a route leads: its path there is empty, or has no slash at its end. */
export function readUpstream({ upstream }: Pick<Route, 'upstream'>): {
  readonly origin: string
  readonly basePath: string
} {
  const { origin, pathname } = new URL(upstream)
  return { origin, basePath: pathname.replace(/\/+$/, '') }
}

/** What follows the first segments of a path: empty, or starting with a slash. */
function skipSegments(path: string, count: number): string {
  let start = 0
  for (let skipped = 0; skipped < count; skipped += 1) {
    start = path.indexOf('/', start + 1)
    if (start < 0) return ''
  }
  return path.slice(start)
}
