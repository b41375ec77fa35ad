// Somebody else's Fastify server, with the proxy as a plugin, in front of the upstream of a handler.
import { fastify } from 'fastify'
import { oauthProxyPlugin } from '../../src/hosts/fastify/oauth-proxy-plugin.ts'
import type { Ports } from '../../src/ports.ts'
import { portOf } from './handler.ts'
import type { TestHandler } from './handler.ts'

/** Starts one with the configuration of a handler; it is to be closed. */
export async function startOther(
  { configuration, logger: log }: TestHandler,
  ports: Partial<Ports> = {},
) {
  const app = fastify()
  const fetch = () => Promise.reject(new Error('There is no authorization server.'))
  await app.register(oauthProxyPlugin, {
    configuration,
    ports: { fetch, now: Date.now, log, ...ports },
  })
  await app.listen({ port: 0, host: '127.0.0.1' })
  return { app, port: portOf(app.server.address()) }
}
