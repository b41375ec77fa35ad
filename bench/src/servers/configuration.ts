// The configuration of the handler that is measured, and of gateways that open its cookies.
import { parseConfiguration } from '@token-handler/reference-handler'
import type { Configuration } from '@token-handler/reference-handler'

/** What differs from one process to another. */
export interface BenchSettings {
  readonly issuer: string
  readonly upstream: string
  readonly audience?: string | undefined
  /** The gateway that asks, and where. */
  readonly forwardAuth?: string | undefined
  readonly forwardAuthPort?: number
  /** Seconds. */
  readonly timeout?: number
  readonly logLevel?: 'info' | 'warn'
  /** Of the store that instances share. */
  readonly redisUrl?: string | undefined
}

/** Makes the configuration: the same keys for all that open the same cookies. */
export function benchConfiguration(settings: BenchSettings): Configuration {
  const { issuer, upstream, audience, redisUrl, timeout = 30, logLevel = 'warn' } = settings
  const { forwardAuth, forwardAuthPort } = settings
  const asked = forwardAuth && { forwardAuth, forwardAuthPort, trustedProxies: ['127.0.0.1'] }
  return parseConfiguration({
    authorizationServer: { issuer, timeout },
    client: { id: 'bench', secret: 'secret', redirectUri: 'https://www.app.example/callback' },
    cookies: { secrets: ['a secret for measurements, and for nothing else'] },
    trustedOrigins: ['https://www.app.example'],
    routes: [{ path: '/api', upstream: `${upstream}/api`, audience, timeout }],
    refresh: { freshFor: 0 },
    redis: { url: redisUrl },
    server: { logLevel, ...asked },
  })
}
