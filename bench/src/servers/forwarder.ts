// Our handler with authorization off: the same server, header treatment, connections and streaming,
// but nothing is checked, no cookie is opened, and every request gets the same token. Requests to the
// upstream and answers to the client have the same headers as the handler's.
import {
  corsHeaders,
  createHost,
  createLogger,
  requestHeaders,
  responseHeaders,
  serveProxy,
} from '../internals.ts'
import { announce, setting } from './announce.ts'

const origin = setting('UPSTREAM')
/** As long as that of a session. */
const accessToken = 'x'.repeat(1200)
const trustedOrigin = 'https://www.app.example'
const cors = corsHeaders(trustedOrigin, [trustedOrigin])

const { app, front } = createHost({
  logger: createLogger('warn'),
  findReaders: () => [],
  server: { drainFor: 0, keepAliveTimeout: 72, requestTimeout: 300 },
})
serveProxy(
  app,
  {
    authorize: async ({ target, headers, connection }) => ({
      kind: 'forward',
      origin,
      prefix: '/api',
      path: target,
      headers: requestHeaders(headers, { accessToken, connection, host: 'api.app.example' }),
      timeout: 30,
      corsHeaders: cors,
    }),
    takesUpgrade: () => false,
    proveAgain: () => undefined,
    responseHeaders: (decision, upstream) => responseHeaders(upstream, 'th', decision.corsHeaders),
  },
  {
    exposeErrorDetails: false,
    routes: [],
    server: {
      maxWebSockets: 0,
      traceContext: 'forward',
      trustedProxies: [],
      upstreamConnectionAge: 300,
    },
  },
  { now: Date.now, log: app.log },
  front,
)
await app.listen({ host: '127.0.0.1', port: 0 })
announce(app.server.address())
