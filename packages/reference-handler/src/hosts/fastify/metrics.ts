// Metrics for Prometheus, on a port of their own: what pages can reach tells nothing about the server.
import { deviceBindingPaths, endpoints, operations } from '@token-handler/contract'
import type { Endpoint } from '@token-handler/contract'
import type { FastifyRequest } from 'fastify'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { IncomingMessage } from 'node:http'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { isHealthPath } from '../../configuration/health-paths.ts'
import type { Configuration } from '../../configuration/schema.ts'
import type { SharedStore } from '../../store/shared-store.ts'
import { createHistogram, renderValue } from '../node/histogram.ts'
import { takePort } from '../node/take-port.ts'
import { pathOf } from './answer-log.ts'
import type { Host } from './host.ts'
import { agentRoute } from './oauth-agent-plugin.ts'

/** Seconds; an answer of the proxy takes a few milliseconds more than the API does. */
const DURATION_BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30]

const METRICS_PATH = '/metrics'

const NANOSECONDS = 1e9

/** For reading paths only. */
const BASE = 'http://handler.invalid'

/**
 * Measures a server's answers, and serves the figures at `/metrics` of `server.metricsPort` as soon as
 * the server is ready; without such a port, does nothing. To be called before any route is added.
 *
 * No label holds anything that clients choose freely, so the number of series has a bound.
 *
 * @param agentPaths - those that `serveAgent` is given
 * @param store - the one that all instances share, if there is one
 * @param renderMore - further metrics, in the text format of Prometheus
 */
export function serveMetrics(
  { app, front }: Host,
  { host, metricsPort: port }: Pick<Configuration['server'], 'host' | 'metricsPort'>,
  agentPaths: readonly string[],
  store?: SharedStore,
  renderMore: () => string = () => '',
): void {
  if (port === undefined) return
  const durations = createHistogram(
    'token_handler_request_duration_seconds',
    'Time from the head of a request to the end of its answer, by the part that answered.',
    DURATION_BUCKETS,
  )
  const storeCalls = createHistogram(
    'token_handler_store_duration_seconds',
    'Time of a call of the shared store, by operation and outcome.',
    DURATION_BUCKETS,
  )
  store?.onCall(({ operation, outcome, seconds }) => {
    storeCalls.observe({ operation, outcome }, seconds)
  })
  const delay = monitorEventLoopDelay()
  const openConnections = () =>
    new Promise<number>((resolve) => {
      app.server.getConnections((_error, count) => resolve(count ?? 0))
    })

  const agentRoutes = new Set<string | undefined>(agentPaths.map(agentRoute))
  const leftToAgents = new WeakSet<FastifyRequest>()
  // What the proxy answers itself does not come this far, wherever other tenants have their agents.
  app.addHook('preParsing', (request, _reply, payload, done) => {
    if (agentRoutes.has(request.routeOptions.url)) leftToAgents.add(request)
    done(null, payload)
  })

  front.onAnswered(({ isAgents, reply, request, response, startedAt }) => {
    if (isHealthPath(pathOf(request))) return
    const labels =
      isAgents || (reply !== undefined && leftToAgents.has(reply.request))
        ? { part: 'agent', operation: findOperation(request, agentPaths) }
        : { part: 'proxy', operation: '' }
    const { headersSent, statusCode, writableFinished } = response
    const status = headersSent && writableFinished ? String(statusCode) : 'lost'
    durations.observe({ ...labels, status }, (performance.now() - startedAt) / 1000)
  })

  async function render(): Promise<string> {
    const { user, system } = process.cpuUsage()
    return [
      durations.render(),
      store === undefined ? '' : storeCalls.render(),
      renderMore(),
      renderValue('gauge', 'token_handler_connections', 'Open.', await openConnections()),
      renderValue('counter', 'process_cpu_seconds_total', 'Used.', (user + system) / 1e6),
      renderValue('gauge', 'process_resident_memory_bytes', 'Used.', process.memoryUsage.rss()),
      renderValue('gauge', 'nodejs_heap_size_used_bytes', 'Used.', process.memoryUsage().heapUsed),
      renderValue(
        'gauge',
        'nodejs_eventloop_lag_p99_seconds',
        'Since the start.',
        delay.percentile(99) / NANOSECONDS,
      ),
    ].join('')
  }

  const server = createServer((request, response) => {
    if (request.url !== METRICS_PATH) return response.writeHead(404).end()
    render().then(
      (text) => response.writeHead(200, { 'content-type': 'text/plain; version=0.0.4' }).end(text),
      () => response.writeHead(500).end(),
    )
  })
  app.addHook('onReady', async () => {
    delay.enable()
    const option = 'server.metricsPort or TOKEN_HANDLER_METRICS_PORT'
    await takePort({ port, service: 'the metrics', option }, () =>
      once(server.listen(port, host), 'listening'),
    )
    app.log.info({ address: server.address() }, 'serving metrics')
  })
  app.addHook('onClose', async () => {
    delay.disable()
    server.close()
    server.closeAllConnections()
  })
}

/** What an agent answers: the operations, and what browsers ask by themselves. */
const agentEndpoints: readonly (Endpoint & { readonly name: string })[] = [
  ...operations.map((name) => ({ name, ...endpoints[name] })),
  { name: 'dbscRegister', method: 'POST', path: deviceBindingPaths.register },
  { name: 'dbscRefresh', method: 'POST', path: deviceBindingPaths.refresh },
]

/** The name of what is at a path below one of the agents; `other` for what is none. */
function findOperation(
  { method, url = '' }: IncomingMessage,
  agentPaths: readonly string[],
): string {
  const pathname = URL.parse(url, BASE)?.pathname
  const found = agentEndpoints.find(
    (endpoint) =>
      endpoint.method === method &&
      agentPaths.some((agentPath) => pathname === agentPath + endpoint.path),
  )
  return found?.name ?? 'other'
}
