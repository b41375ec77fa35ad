// What several designs have in common: the tenant of one app, and what a page load costs with agent and API here or there.
import type { Costs, TenantDesign } from '../src/design.ts'

/** App, agent and API on one origin. */
export const oneOriginCosts: Costs = {
  firstLoad: 4,
  firstLoadPreflights: 0,
  laterLoad: 2,
  callPreflights: 0,
}

/** Agent and API on another host of the site. */
export const otherHostCosts: Costs = {
  firstLoad: 5,
  firstLoadPreflights: 1,
  laterLoad: 2,
  callPreflights: 1,
}

/**
 * The tenant of an app that has a host to itself.
 *
 * @param host - of agent and API, if not the app's
 */
export const tenantOf = (id: string, appHost: string, host?: string): TenantDesign => ({
  id,
  ...(host !== undefined && { host }),
  agentPath: '/oauth-agent',
  apiPath: '/api',
  pages: [{ host: appHost, callbackPath: '/callback' }],
})
