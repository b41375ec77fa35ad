// The fetch with which the handler calls the authorization server in Node.
import { Agent, fetch } from 'undici'
import type { Fetch } from '../../ports.ts'
import { lookupHost } from './local-names.ts'

/**
 * Creates a fetch that knows `*.localhost`, over connections of its own that are kept alive.
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
  const dispatcher = new Agent({ connect: { lookup: lookupHost } })
  return async (url, init) => {
    const response = await fetch(url, { ...init, body: init.body ?? null, dispatcher })
    // The package's Response is not the global one, which breaks `instanceof` checks.
    const { status, headers } = response
    const body = await response.arrayBuffer()
    return new Response(body.byteLength > 0 ? body : null, { status, headers: [...headers] })
  }
}
