// The gateways for which there is a profile, by name.

/** The names, as `server.forwardAuth` has them. */
export const gatewayNames = [
  'nginx',
  'nginx-x-accel',
  'caddy',
  'haproxy',
  'apache',
  'traefik',
  'envoy',
] as const

/** The name of a known gateway. */
export type GatewayName = (typeof gatewayNames)[number]
