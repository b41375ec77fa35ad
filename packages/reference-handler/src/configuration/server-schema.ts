// What the configuration says about the server itself.
import * as z from 'zod'

const port = z.number().int().min(0).max(65_535)

/** An address or a subnet; the host says in the end whether it is one. */
const network = z.union([z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6()], {
  error: 'must be an IP address or a subnet such as 10.0.0.0/8',
})

/** The server. */
export const serverSchema = z.strictObject({
  /**
   * The address to listen on.
   * @default '127.0.0.1'
   */
  host: z.string().min(1).default('127.0.0.1'),
  /**
   * The port to listen on; 0 takes any free one.
   * @default 3000
   */
  port: port.default(3000),
  /**
   * The least level that is logged.
   * @default 'info'
   */
  logLevel: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info'),
  /**
   * Seconds that open requests get to finish in when the server closes.
   * @default 10
   */
  drainFor: z.number().int().nonnegative().max(600).default(10),
  /**
   * Seconds that a connection without a request stays open. A load balancer in front has to give its own up first.
   * @default 72
   */
  keepAliveTimeout: z.number().int().min(1).max(3600).default(72),
  /**
   * Seconds in which a request has to arrive whole, its body included.
   * @default 300
   */
  requestTimeout: z.number().int().min(1).max(86_400).default(300),
  /**
   * Proxies in front of this server: only what they say about the client is believed.
   * @default []
   */
  trustedProxies: z.array(network).default([]),
  /**
   * WebSockets that may be open at a time; the next one is answered with 503.
   * @default 1000
   */
  maxWebSockets: z.number().int().nonnegative().default(1000),
  /**
   * Seconds after which a connection to an upstream gets no further request: the upstream may have moved.
   * @default 300
   */
  upstreamConnectionAge: z.number().int().min(1).max(86_400).default(300),
  /** Serves metrics for Prometheus at `/metrics` of this port of the same host; without it, none are kept. */
  metricsPort: port.optional(),
})
