// Parts of the handler that are measured by themselves and are no public API.
export { corsHeaders } from '../../packages/reference-handler/src/http/cors.ts'
export { serveProxy } from '../../packages/reference-handler/src/hosts/fastify/oauth-proxy-plugin.ts'
export { createHost } from '../../packages/reference-handler/src/hosts/fastify/host.ts'
export { createAnswerWriter } from '../../packages/reference-handler/src/hosts/node/answer-writer.ts'
export { createLogger } from '../../packages/reference-handler/src/hosts/node/logger.ts'
export { toHeaderLines } from '../../packages/reference-handler/src/hosts/node/upstreams.ts'
export {
  requestHeaders,
  responseHeaders,
} from '../../packages/reference-handler/src/proxy/headers.ts'
