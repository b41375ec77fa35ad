// Entry `./fastify`: the handler on Fastify, whole or in parts.
export { createServer } from './create-server.ts'
export type { ServerOverrides } from './create-server.ts'
export { healthPlugin } from './health.ts'
export { oauthAgentPlugin } from './oauth-agent-plugin.ts'
export type { PluginOptions } from './oauth-agent-plugin.ts'
export { oauthProxyPlugin } from './oauth-proxy-plugin.ts'
export { createLogger } from '../node/logger.ts'
export { createNodeFetch } from '../node/node-fetch.ts'
