// How each gateway asks for a decision, and what it makes of the answer: as data.
import type { GatewayName } from './gateway-names.ts'

/** What becomes of a request with headers that a client may not send, as far as the gateway's configuration leaves them. */
export type Removal =
  /** The answer lists them, and the gateway removes what it lists. */
  | { readonly by: 'answer'; readonly header: string }
  /** The gateway hands the request to the handler, which removes them and forwards it itself. */
  | { readonly by: 'handler' }
  /** The request is refused. */
  | { readonly by: 'refusal' }
  /** The gateway's configuration removes all of them that have no `_`; a request with one that has is refused. */
  | { readonly by: 'gateway' }

/** A gateway. Names of headers are in lower case. */
export interface GatewayProfile {
  /** The header with the method of the browser's request; without it, the gateway asks with that method. */
  readonly method?: string
  /** The header with the raw target of the browser's request; without it, the gateway asks for that target. */
  readonly target?: string
  /** The header with the `Host` of the browser's request; without it, the gateway asks with that `Host`. */
  readonly host?: string
  /** The header with the browser's `Upgrade`, empty or missing without one; without it, the gateway asks with that `Upgrade`. */
  readonly upgrade?: string
  /** Statuses of refusals that the gateway understands; any other becomes 403. Without the list, it hands on all. */
  readonly refusals?: readonly number[]
  /**
   * Whether a preflight is answered here. It may not be where every 2xx means "allowed": there the gateway sends
   * preflights to the handler, and one that comes here all the same is refused.
   */
  readonly answersPreflights: boolean
  readonly removal: Removal
  /** Headers that the gateway's configuration always removes or sets itself. */
  readonly handled: readonly string[]
  /** Whether what the answer does not set is said to be empty, for a gateway that makes something up in its place. */
  readonly saysEmpty?: boolean
  /** Where the gateway goes next by `X-Accel-Redirect`: named locations, in place of a 200. */
  readonly redirects?: { readonly allowed: string; readonly handedOver: string }
}

/** What the answer sets, and so what the gateway replaces. */
export const ownHeaders = [
  'authorization',
  'cookie',
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-prefix',
  'x-forwarded-proto',
] as const

/** There is no proof of possession through a gateway, so a client's is only removed. */
const replaced = [...ownHeaders, 'dpop', 'token-handler-version']

const original = {
  method: 'x-original-method',
  target: 'x-original-uri',
  upgrade: 'x-original-upgrade',
} as const

/** Of gateways that call it forward authentication: GET, and `X-Forwarded-…` for what was asked. */
const forwarded = { method: 'x-forwarded-method', target: 'x-forwarded-uri' } as const

const listed = { by: 'answer', header: 'token-handler-remove' } as const

/**
 * The gateways that are known. What was measured of them stands in docs/forward-auth.md.
 *
 * @see {@link https://nginx.org/en/docs/http/ngx_http_auth_request_module.html ngx_http_auth_request_module}
 */
export const gatewayProfiles = {
  /** `auth_request`: knows 2xx, 401 and 403, and makes 500 of all else. */
  nginx: {
    ...original,
    refusals: [401, 403],
    answersPreflights: false,
    removal: { by: 'handler' },
    handled: [...replaced, ...Object.values(original)],
  },
  /** A location that asks first, and goes where `X-Accel-Redirect` says. */
  'nginx-x-accel': {
    upgrade: original.upgrade,
    answersPreflights: true,
    removal: { by: 'handler' },
    handled: [...replaced, original.upgrade],
    redirects: { allowed: '@token_handler_api', handedOver: '@token_handler' },
  },
  caddy: {
    ...forwarded,
    answersPreflights: false,
    removal: { by: 'gateway' },
    handled: replaced,
    saysEmpty: true,
  },
  /** By a script in Lua, as on the page about it. */
  haproxy: { ...original, answersPreflights: true, removal: listed, handled: replaced },
  /** By a script in Lua, as on the page about it. */
  apache: { ...original, answersPreflights: true, removal: listed, handled: replaced },
  traefik: {
    ...forwarded,
    host: 'x-forwarded-host',
    answersPreflights: false,
    removal: { by: 'refusal' },
    handled: [
      ...replaced,
      'x-forwarded-method',
      'x-forwarded-uri',
      'x-forwarded-port',
      'x-forwarded-server',
      'x-real-ip',
    ],
  },
  /** `ext_authz` over HTTP: 200 alone means "allowed". */
  envoy: {
    answersPreflights: true,
    removal: { by: 'answer', header: 'x-envoy-auth-headers-to-remove' },
    handled: replaced,
  },
} as const satisfies Readonly<Record<GatewayName, GatewayProfile>>
