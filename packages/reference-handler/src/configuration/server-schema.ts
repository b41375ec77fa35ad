// What the configuration says about the server itself.
import * as z from 'zod/mini'
import { gatewayNames } from '../forward-auth/gateway-names.ts'

const port = z.int().check(z.minimum(0), z.maximum(65_535))

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
  host: z._default(z.string().check(z.minLength(1)), '127.0.0.1'),
  /**
   * The port to listen on; 0 takes any free one.
   * @default 3000
   */
  port: z._default(port, 3000),
  /**
   * The least level that is logged.
   * @default 'info'
   */
  logLevel: z._default(
    z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']),
    'info',
  ),
  /**
   * Seconds that open requests get to finish in when the server closes.
   * @default 10
   */
  drainFor: z._default(z.int().check(z.nonnegative(), z.maximum(600)), 10),
  /**
   * Seconds that a connection without a request stays open. A load balancer in front has to give its own up first.
   * @default 72
   */
  keepAliveTimeout: z._default(z.int().check(z.minimum(1), z.maximum(3600)), 72),
  /**
   * Seconds in which a request has to arrive whole, its body included.
   * @default 300
   */
  requestTimeout: z._default(z.int().check(z.minimum(1), z.maximum(86_400)), 300),
  /**
   * Proxies in front of this server: only what they say about the client is believed.
   * @default []
   */
  trustedProxies: z._default(z.array(network), []),
  /**
   * WebSockets that may be open at a time; the next one is answered with 503.
   * @default 1000
   */
  maxWebSockets: z._default(z.int().check(z.nonnegative()), 1000),
  /**
   * Whether trace headers of pages reach APIs. `drop` is for a handler whose instrumentation writes its own.
   * @default 'forward'
   */
  traceContext: z._default(z.enum(['forward', 'drop']), 'forward'),
  /**
   * Makes spans by OpenTelemetry: `serve` loads `@opentelemetry/api`, which has to be installed, and an SDK registered.
   * @default false
   */
  openTelemetry: z._default(z.boolean(), false),
  /**
   * Seconds after which a connection to an upstream gets no further request: the upstream may have moved.
   * @default 300
   */
  upstreamConnectionAge: z._default(z.int().check(z.minimum(1), z.maximum(86_400)), 300),
  /** Serves metrics for Prometheus at `/metrics` of this port of the same host; without it, none are kept. */
  metricsPort: z.optional(port),
  /**
   * The gateway that forwards requests itself, and asks for each whether it may: on `forwardAuthPort`, from an address
   * of `trustedProxies`.
   */
  forwardAuth: z.optional(z.enum(gatewayNames)),
  /**
   * The port of the same host where `forwardAuth` is answered: apart, because answers hold access tokens.
   * @default 3010
   */
  forwardAuthPort: z._default(port, 3010),
})
