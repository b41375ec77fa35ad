// Several SPAs behind one handler: an agent and a proxy for each, and one of each in front of them.
import { agentErrorStatus, tokenHandler1Server } from '@token-handler/contract'
import { createPlainAgent, overFetch } from '../agent/oauth-agent.ts'
import type { OAuthAgent, PlainAgent } from '../agent/oauth-agent.ts'
import type { Tenant } from '../configuration/tenant.ts'
import { jsonAnswer } from '../http/json-response.ts'
import type { PlainAnswer } from '../http/plain.ts'
import type { Ports } from '../ports.ts'
import { createOAuthProxy } from '../proxy/oauth-proxy.ts'
import type { OAuthProxy } from '../proxy/oauth-proxy.ts'
import type { ProxyDecision } from '../proxy/decision.ts'
import { isOurCookie } from '../proxy/headers.ts'
import type { HeaderLines } from '../proxy/headers.ts'
import { findHeader } from './find-header.ts'
import { createTenantSelector } from './tenant-selector.ts'

/** Agent and proxy of all tenants; to a host they are like those of a single one. */
export interface TenantHandlers {
  readonly agent: OAuthAgent
  readonly proxy: OAuthProxy
}

/**
 * Creates agent and proxy of several tenants. Each request goes to the tenant of its host and path
 * and to no other; without one it is answered with 404. Tenants share nothing but the ports: a cookie
 * of one is not readable to another.
 *
 * @param tenants - from `parseTenants`, which makes sure that they cannot be confused
 * @param ports - see {@link Ports}
 *
 * @example
 * import { readFile } from 'node:fs/promises'
 * import { createTenants, parseTenants } from '@token-handler/reference-handler'
 * import { createLogger, createNodeFetch } from '@token-handler/reference-handler/fastify'
 *
 * const { tenants } = parseTenants(JSON.parse(await readFile('tenants.json', 'utf8')))
 * const ports = { fetch: createNodeFetch(), now: Date.now, log: createLogger('info') }
 * const { agent } = createTenants(tenants, ports)
 * console.log((await agent(new Request('https://api.example.com/oauth-agent/session'))).status)
 */
export function createTenants(tenants: readonly Tenant[], ports: Ports): TenantHandlers {
  const { agent, proxy } = createPlainTenants(tenants, ports)
  return { agent: overFetch(agent), proxy }
}

/** Agent and proxy of all tenants for hosts without Fetch; see {@link createTenants}. */
export function createPlainTenants(
  tenants: readonly Tenant[],
  ports: Ports,
): { readonly agent: PlainAgent; readonly proxy: OAuthProxy } {
  const select = createTenantSelector(
    tenants.map(({ host, path, configuration }) => ({
      host,
      path,
      agent: createPlainAgent(configuration, ports),
      proxy: createOAuthProxy(configuration, ports),
    })),
  )
  const prefixes = tenants.map(({ configuration }) => configuration.cookies.prefix)
  const deciders = new WeakMap<ProxyDecision, OAuthProxy>()

  function deciderOf(decision: ProxyDecision): OAuthProxy {
    const decider = deciders.get(decision)
    if (decider === undefined) throw new Error('The decision is none of these tenants’.')
    return decider
  }

  return {
    async agent(request, client) {
      const tenant = select(request.host, request.pathname)
      return tenant === undefined ? answerNotFound() : await tenant.agent(request, client)
    },

    proxy: {
      async authorize(request) {
        const tenant = select(findHeader(request.headers, 'host'), request.target)
        if (tenant === undefined) return noTenant
        const decision = await tenant.proxy.authorize(request)
        deciders.set(decision, tenant.proxy)
        return decision
      },
      takesUpgrade(request) {
        const tenant = select(findHeader(request.headers, 'host'), request.target)
        return tenant?.proxy.takesUpgrade(request) ?? false
      },
      proveAgain: (decision, answer) => deciderOf(decision).proveAgain(decision, answer),
      responseHeaders(decision, upstream) {
        return deciderOf(decision).responseHeaders(decision, withoutCookies(upstream, prefixes))
      },
    },
  }
}

/** An API of one tenant may share its host with another tenant, and could plant cookies for it. */
function withoutCookies(lines: HeaderLines, prefixes: readonly string[]): HeaderLines {
  const isPlanted = (name: string, value: string) =>
    name.toLowerCase() === 'set-cookie' && prefixes.some((prefix) => isOurCookie(value, prefix))
  const kept: string[] = []
  for (let index = 0; index < lines.length; index += 2) {
    const [name = '', value = ''] = [lines[index], lines[index + 1]]
    if (!isPlanted(name, value)) kept.push(name, value)
  }
  return kept
}

const noTenant: ProxyDecision = {
  kind: 'refuse',
  code: 'not_found',
  reason: 'No tenant has this host and path.',
  headers: {},
}

function answerNotFound(): PlainAnswer {
  const code = 'not_found'
  return jsonAnswer(agentErrorStatus[code], tokenHandler1Server.encodeError({ code }))
}
