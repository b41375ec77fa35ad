// The fetch with which the handler calls the authorization server in Node.
import { Agent, EnvHttpProxyAgent, fetch } from 'undici'
import type { Fetch } from '../../ports.ts'
import { isLoopbackHost } from '../../configuration/urls.ts'
import { lookupHost } from './local-names.ts'

/**
 * Creates a fetch that knows `*.localhost`, over connections of its own that are kept alive. It heeds the environment
 * variables `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY`, in either case, as they are when it is created; requests to
 * this machine go to no proxy.
 *
 * @throws when one of these variables is no URL of a proxy
 *
 * @example
 * import { createNodeFetch } from '@token-handler/reference-handler/fastify'
 *
 * const fetch = createNodeFetch()
 * const url = 'http://login.idp.localhost:4000/.well-known/openid-configuration'
 * const response = await fetch(url, { method: 'GET', headers: {}, redirect: 'manual' })
 * console.log(response.status)
 */
export function createNodeFetch(): Fetch {
  const direct = new Agent({ connect: { lookup: lookupHost } })
  const proxied = createProxied() ?? direct
  return async (url, init) => {
    const dispatcher = isLoopbackHost(new URL(url).hostname) ? direct : proxied
    const response = await fetch(url, { ...init, body: init.body ?? null, dispatcher })
    // The package's Response is not the global one, which breaks `instanceof` checks.
    const { status, headers } = response
    const body = await response.arrayBuffer()
    return new Response(body.byteLength > 0 ? body : null, { status, headers: [...headers] })
  }
}

function createProxied(): EnvHttpProxyAgent | undefined {
  const names = ['https_proxy', 'HTTPS_PROXY', 'http_proxy', 'HTTP_PROXY']
  const configured = names.filter((name) => process.env[name])
  if (configured.length === 0) return undefined
  try {
    return new EnvHttpProxyAgent()
  } catch (cause) {
    const message = `No proxy can be used as ${configured.join(' and ')} say: write http://host:port, or unset them.`
    throw new Error(message, { cause })
  }
}
