// What makes tenants impossible to tell apart: places, cookies and clients that are not their own.
import { cookieName } from '@token-handler/contract'
import type { Mistake } from './configuration-error.ts'
import type { Tenant } from './tenant.ts'
import { containsPath } from './urls.ts'

/**
 * Finds everything that is wrong between tenants, each of which is sound in itself.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc9700#section-4.4.2.2 RFC 9700 section 4.4.2.2}
 */
export function findConflicts(tenants: readonly Tenant[]): Mistake[] {
  return tenants.flatMap((tenant, index) => [
    ...findStrayPaths(tenant, `tenants[${index}]`),
    ...tenants
      .slice(0, index)
      .flatMap((other, position) =>
        compare(tenant, other, `tenants[${index}]`, `tenants[${position}]`),
      ),
  ])
}

/** A tenant with a path of its own has nothing outside of it. */
function findStrayPaths({ path, configuration }: Tenant, name: string): Mistake[] {
  if (path === undefined) return []
  const { agentPath, routes } = configuration
  const paths = [
    ['agentPath', agentPath] as const,
    ...routes.map((route, index) => [`routes[${index}].path`, route.path] as const),
  ]
  return paths
    .filter(([, place]) => !containsPath(path, place))
    .map(([setting]) => ({
      setting: `${name}.${setting}`,
      message: `must lie below ${path}, where this tenant lives`,
    }))
}

function compare(one: Tenant, other: Tenant, name: string, otherName: string): Mistake[] {
  const mistakes: Mistake[] = []
  const sharesHost = one.host?.toLowerCase() === other.host?.toLowerCase()
  if (sharesHost && overlaps(one.path, other.path)) {
    const message = `is no place of its own beside ${otherName}; give both another host, or paths that do not contain each other`
    mistakes.push({ setting: `${name}.path`, message })
  }
  if ((sharesHost || sharesCookies(one, other)) && prefixesOverlap(one, other)) {
    const message = `is that of ${otherName}, or begins like it, and the browser sends both their cookies to both; choose another one`
    mistakes.push({ setting: `${name}.cookies.prefix`, message })
  }
  if (sharesHost || sharesCookies(one, other)) {
    mistakes.push(...findLentCookies(one, other, name, otherName))
    mistakes.push(...findLentCookies(other, one, otherName, name))
  }
  if (isSameClient(one, other)) {
    const message = `is the client of ${otherName} too, so that each could open the other's cookies; register a client for each tenant`
    mistakes.push({ setting: `${name}.client.id`, message })
  }
  if (sharesRedirectUri(one, other)) {
    const message = `is that of ${otherName}, whose authorization server is another one: a response of the one could be taken for the other's (RFC 9700 section 4.4); give each tenant a redirect URI of its own`
    mistakes.push({ setting: `${name}.client.redirectUri`, message })
  }
  return mistakes
}

/** Cookies of another tenant that a route would send to its API. */
function findLentCookies(one: Tenant, other: Tenant, name: string, otherName: string): Mistake[] {
  const start = `${other.configuration.cookies.prefix}-`.toLowerCase()
  return one.configuration.routes.flatMap(({ cookies }, index) =>
    cookies
      .filter((cookie) => cookie.toLowerCase().startsWith(start))
      .map(() => ({
        setting: `${name}.routes[${index}].cookies`,
        message: `lists a cookie of ${otherName}, which no API may see; remove it`,
      })),
  )
}

/** Compared as the browser visits them; a query does not make a page of its own. */
function sharesRedirectUri(one: Tenant, other: Tenant): boolean {
  const { issuer } = one.configuration.authorizationServer
  if (issuer === other.configuration.authorizationServer.issuer) return false
  const others = new Set(redirectPages(other))
  return redirectPages(one).some((page) => others.has(page))
}

const redirectPages = ({ configuration: { client } }: Tenant): readonly string[] =>
  [client.redirectUri, ...client.redirectUris].map((uri) => {
    const { origin, pathname } = new URL(uri)
    return origin + pathname
  })

const overlaps = (one: string | undefined, other: string | undefined): boolean =>
  one === undefined || other === undefined || containsPath(one, other) || containsPath(other, one)

const sharesCookies = (one: Tenant, other: Tenant): boolean =>
  [one, other].some(({ configuration }) => configuration.cookies.domain !== undefined)

function prefixesOverlap(one: Tenant, other: Tenant): boolean {
  const [a, b] = [one, other].map(({ configuration }) => `${configuration.cookies.prefix}-`)
  const [c, d] = [one, other].map(({ configuration }) =>
    cookieName(configuration.cookies.prefix, 'bound').toLowerCase(),
  )
  return a === undefined || b === undefined || a.startsWith(b) || b.startsWith(a) || c === d
}

const isSameClient = (one: Tenant, other: Tenant): boolean =>
  one.configuration.client.id === other.configuration.client.id &&
  one.configuration.authorizationServer.issuer === other.configuration.authorizationServer.issuer
