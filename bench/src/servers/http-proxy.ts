// The peer: @fastify/http-proxy without any authorization, from the folder it was installed in.
import { createRequire } from 'node:module'
import { announce, setting } from './announce.ts'

interface Server {
  readonly register: (plugin: unknown, options: object) => unknown
  readonly listen: (address: object) => Promise<unknown>
  readonly server: { readonly address: () => Parameters<typeof announce>[0] }
}

const require = createRequire(`${setting('PEERS')}/package.json`)
const createFastify: (options: object) => Server = require('fastify')
const app = createFastify({ logger: { level: 'warn' }, disableRequestLogging: true })
app.register(require('@fastify/http-proxy'), { upstream: setting('UPSTREAM'), http2: false })
await app.listen({ host: '127.0.0.1', port: 0 })
announce(app.server.address())
