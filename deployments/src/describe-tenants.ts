// What a design's data says to each part: authorization server, handler and apps.
import { randomBytes } from 'node:crypto'
import type { LocalClient, LocalServers } from '@token-handler/local-stack'
import type { AppSettings } from './app-settings.ts'
import type { Design, Place, TenantDesign } from './design.ts'

/** Seconds: longer than pages on a busy machine take for what they do at once. */
export const FRESH_FOR = 30

/** A tenant as the authorization server knows it. */
export function describeClient({ id, pages }: TenantDesign, originOf: (host: string) => string) {
  const [redirectUri = '', ...redirectUris] = pages.map(
    ({ host, callbackPath }) => originOf(host) + callbackPath,
  )
  const [home = '', ...homes] = pages.map(
    ({ host, callbackPath, signedOutPath = callbackPath.replace(/callback$/, '') }) =>
      originOf(host) + signedOutPath,
  )
  return {
    id,
    name: id,
    redirectUris: [redirectUri, ...redirectUris],
    postLogoutRedirectUris: [home, ...homes],
  } satisfies LocalClient
}

/** What a tenant's configuration needs to know of the stage. */
export interface Surroundings {
  readonly hostName: (name: string) => string
  readonly originOf: (name: string) => string
  readonly secrets: Set<string>
}

/** The configuration of a tenant, as it would stand in a file. */
export function describeTenant(
  tenant: TenantDesign,
  { apiUrl, clients, issuer, scope }: LocalServers,
  index: number,
  { hostName, originOf, secrets }: Surroundings,
) {
  const client = clients[index]
  if (client === undefined) throw new Error('Each tenant has a client.')
  const { host, path, prefix } = tenant
  const [redirectUri, ...redirectUris] = client.redirectUris
  const [postLogoutRedirectUri, ...postLogoutRedirectUris] = client.postLogoutRedirectUris
  const cookieSecret = randomBytes(32).toString('base64url')
  secrets.add(cookieSecret)
  return {
    ...(host !== undefined && { host: hostName(host) }),
    ...(path !== undefined && { path }),
    authorizationServer: { issuer },
    client: {
      id: client.id,
      secret: client.secret,
      scope,
      redirectUri,
      redirectUris,
      postLogoutRedirectUri,
      postLogoutRedirectUris,
    },
    cookies: { secrets: [cookieSecret], ...(prefix !== undefined && { prefix }) },
    trustedOrigins: tenant.pages.map((page) => originOf(page.host)),
    agentPath: tenant.agentPath,
    routes: [{ path: tenant.apiPath, upstream: apiUrl }],
    refresh: { freshFor: FRESH_FOR },
  }
}

/** What the app at a place is told. */
export function settingsOf(
  { hosts, tenants }: Design,
  host: string,
  { app, path }: Place,
  originOf: (host: string) => string,
): AppSettings {
  const tenant = tenants.find(({ id }) => id === app?.tenant) ?? tenants[0]
  if (tenant === undefined) throw new Error('An app has a tenant.')
  const agentOrigin = originOf(tenant.host ?? host)
  const page = tenant.pages.find((candidate) => candidate.host === host)
  const website = hosts
    .find(({ name }) => name === host)
    ?.places.find(({ kind }) => kind === 'website')
  return {
    name: app?.name ?? 'Shop',
    agentUrl: agentOrigin + tenant.agentPath,
    apiUrl: agentOrigin + tenant.apiPath,
    basePath: path === '/' ? path : `${path}/`,
    callbackPath: page?.callbackPath ?? '/callback',
    isShared: app?.isShared ?? false,
    ...(website && { websiteUrl: originOf(host) + website.path }),
    links: (app?.links ?? []).map((link) => ({
      name: link.name,
      url: originOf(link.host) + link.path,
    })),
  }
}
