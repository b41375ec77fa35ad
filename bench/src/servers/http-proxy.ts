// The peer: @fastify/http-proxy without any authorization, from the folder it was installed in.
import { createRequire } from 'node:module'
import { announce, setting } from './announce.ts'

interface Server {
  readonly register: (plugin: unknown, options: object) => unknown
  readonly listen: (address: object) => Promise<unknown>
  readonly server: { readonly address: () => Parameters<typeof announce>[0] }
}

interface Fastify {
  readonly fastify: (options: object) => Server
  readonly LogController: new (options: object) => object
}

const require = createRequire(`${setting('PEERS')}/package.json`)
const { fastify, LogController }: Fastify = require('fastify')
const logController = new LogController({ disableRequestLogging: true })
const app = fastify({ logger: { level: 'warn' }, logController })
app.register(require('@fastify/http-proxy'), { upstream: setting('UPSTREAM'), http2: false })
await app.listen({ host: '127.0.0.1', port: 0 })
announce(app.server.address())
