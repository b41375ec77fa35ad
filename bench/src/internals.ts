// Parts of the handler that are measured by themselves and are no public API.
export { corsHeaders } from '../../packages/reference-handler/src/http/cors.ts'
export { serveProxy } from '../../packages/reference-handler/src/hosts/fastify/oauth-proxy-plugin.ts'
export { createHost } from '../../packages/reference-handler/src/hosts/fastify/host.ts'
export { createLogger } from '../../packages/reference-handler/src/hosts/node/logger.ts'
export {
  requestHeaders,
  responseHeaders,
} from '../../packages/reference-handler/src/proxy/headers.ts'
