// The handler inside a function of AWS Lambda: made once, while AWS still counts the start.
import { ConfigurationError } from '../../configuration/configuration-error.ts'
import { parseEnvironment } from '../../configuration/parse-environment.ts'
import { findRelaxations } from '../../configuration/relaxations.ts'
import type { Configuration } from '../../configuration/schema.ts'
import { errorPage } from '@token-handler/contract'
import type { Fetch, Log, Ports } from '../../ports.ts'
import type { SharedStore } from '../../store/shared-store.ts'
import { createConsoleLog } from '../fetch/console-log.ts'
import { createNodeFetch } from '../node/node-fetch.ts'
import { createNodeSealer } from '../node/node-sealer.ts'
import { lambdaCodes } from './limits.ts'

/** How a function differs from the usual. */
export interface LambdaOptions {
  /** Settings that the environment overrides, as in a configuration file; none by default. */
  readonly settings?: unknown
  /** By default `process.env`, with the names that `token-handler serve` knows. */
  readonly environment?: Readonly<Record<string, string | undefined>> | undefined
  /** What all invocations share; by default Redis, where `redis.url` is set. */
  readonly store?: SharedStore | undefined
  /** Sends to the authorization server; by default undici. */
  readonly fetch?: Fetch | undefined
  /** By default the console, one JSON object a line. */
  readonly log?: Log | undefined
}

/** What one kind of function needs, other than the rest. */
export interface InstanceNeeds {
  /** Whether refresh tokens are used here, which concurrent invocations without a store do without knowing of each other. */
  readonly refreshes: boolean
  /** Throws a {@link ConfigurationError} where the function cannot do what is configured. */
  readonly refuse?: (configuration: Configuration) => void
}

/** What a function works with. */
export interface Instance {
  readonly configuration: Configuration
  readonly ports: Ports
}

/**
 * Reads the configuration and connects the store. A mistake is logged with its mend; then there is no instance, and
 * every request is answered with 500 until it is mended.
 */
export async function createInstance(
  options: LambdaOptions,
  { refreshes, refuse }: InstanceNeeds,
): Promise<Instance | undefined> {
  const now = () => Date.now()
  let log = options.log ?? createConsoleLog('info', now)
  try {
    const { environment = process.env, settings } = options
    const configuration = parseEnvironment(environment, settings)
    log = options.log ?? createConsoleLog(configuration.server.logLevel, now)
    refuse?.(configuration)
    for (const relaxation of findRelaxations(configuration)) {
      log.warn(relaxation, 'the configuration is weaker than its default')
    }
    const { fetch = createNodeFetch() } = options
    const store = options.store ?? (await connectStore(configuration, log))
    if (refreshes && store === undefined) {
      const code = 'lambda_no_store'
      const mend = 'Name a store with redis.url, or turn off the rotation of refresh tokens.'
      log.warn(
        { code, details: lambdaCodes[code], mend, page: errorPage(code) },
        'refreshes may fail',
      )
    }
    const ports = { fetch, now, log, createSealer: createNodeSealer, ...(store && { store }) }
    return { configuration, ports }
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error
    log.error({ mistakes: error.mistakes, page: errorPage('configuration_mistake') }, error.message)
    return undefined
  }
}

/** The client is loaded where it is used: a start without it is faster. */
async function connectStore({ redis }: Configuration, log: Log): Promise<SharedStore | undefined> {
  if (redis.url === undefined) return undefined
  const { connectRedis } = await import('../../redis/connect-redis.ts')
  return await connectRedis(redis, log)
}
