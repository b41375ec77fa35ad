// The handler as a worker of Cloudflare's runtime: agent, proxy, and the files of the SPA beside them, wherever their
// configuration comes from.
import { coordinateOverStore } from '../../agent/configured-coordinator.ts'
import { ConfigurationError } from '../../configuration/configuration-error.ts'
import type { Relaxation } from '../../configuration/relaxations.ts'
import type { Configuration } from '../../configuration/schema.ts'
import type { Fetch, Log, Ports } from '../../ports.ts'
import { createConsoleLog } from '../fetch/console-log.ts'
import { createFetchHandler, serverError } from '../fetch/fetch-handler.ts'
import type { FetchHandler } from '../fetch/fetch-handler.ts'
import { createBackground } from './background.ts'
import type { Background } from './background.ts'
import { createDurableRefreshStore } from './durable-refreshes.ts'
import type { DurableObjectNamespace, ExecutionContext, Fetcher } from './platform.ts'
import { createWorkerWebSockets } from './worker-web-socket.ts'

/** Variables, secrets and bindings of a worker. */
export interface WorkerEnvironment {
  /** The files of the SPA; without them, what is neither the agent's nor a route's is 404. */
  readonly ASSETS?: Fetcher | undefined
  /** The Durable Object `Refreshes`; without it, each isolate uses refresh tokens on its own. */
  readonly REFRESHES?: DurableObjectNamespace | undefined
}

/** How the surroundings of a worker differ from the usual. */
export interface WorkerHostOptions {
  /**
   * The address of a request's client, which limits count by and APIs are told. By default `CF-Connecting-IP`, which
   * Cloudflare sets and clients cannot; anywhere else they can, so hand over another function there.
   */
  readonly clientAddress?: ((request: Request) => string | undefined) | undefined
  /** Sends to the authorization server; by default the global `fetch`. */
  readonly fetch?: Fetch | undefined
  /** By default the console, one JSON object a line. */
  readonly log?: Log | undefined
}

/** A worker, as its module exports it. */
export interface Worker {
  readonly fetch: (
    request: Request,
    env: WorkerEnvironment,
    context: ExecutionContext,
  ) => Promise<Response>
}

/** A configuration, and how it is weaker than its defaults. */
export interface Configured {
  readonly configuration: Configuration
  readonly relaxations: readonly Relaxation[]
}

/** Reads the configuration of a worker; throws a {@link ConfigurationError}. */
export type Configure = (env: WorkerEnvironment) => Configured

interface Instance {
  readonly handle: FetchHandler
  readonly background: Background
}

const addressFromCloudflare = ({ headers }: Request) => headers.get('cf-connecting-ip') ?? undefined

const openWebSockets =
  typeof __TOKEN_HANDLER_WEB_SOCKETS__ === 'undefined' || __TOKEN_HANDLER_WEB_SOCKETS__
    ? createWorkerWebSockets
    : undefined

/** Upstreams' answers pass as they are encoded. */
const NOTHING: ReadonlySet<string> = new Set()

/**
 * Creates the worker. A mistake in its configuration is logged with its mend, and every request answers 500 until it is
 * mended.
 *
 * @param configure - reads what the worker's own environment says
 */
export function createConfiguredWorker(configure: Configure, options: WorkerHostOptions): Worker {
  const { clientAddress = addressFromCloudflare } = options
  const instances = new WeakMap<object, Instance | 'misconfigured'>()

  function find(env: WorkerEnvironment): Instance | 'misconfigured' {
    const known = instances.get(env)
    if (known !== undefined) return known
    const created = create(env, configure, options)
    instances.set(env, created)
    return created
  }

  return {
    async fetch(request, env, context) {
      const instance = find(env)
      if (instance === 'misconfigured') return serverError()
      const { background, handle } = instance
      const { protocol } = new URL(request.url)
      const connection = {
        protocol: protocol === 'https:' ? 'https' : 'http',
        address: clientAddress(request),
      } as const
      const answer = handle(request, { connection })
      // Also when the client leaves: others may wait for the same refresh.
      context.waitUntil(answer.then(background.settled))
      return await answer
    },
  }
}

function create(
  env: WorkerEnvironment,
  configure: Configure,
  options: WorkerHostOptions,
): Instance | 'misconfigured' {
  const now = () => Date.now()
  let configured: Configured
  try {
    configured = configure(env)
  } catch (error) {
    explain(options.log ?? createConsoleLog('info', now), error)
    return 'misconfigured'
  }
  const { configuration, relaxations } = configured
  const log = options.log ?? createConsoleLog(configuration.server.logLevel, now)
  const background = createBackground()
  const send = options.fetch ?? ((url, init) => fetch(url, init))
  const base: Ports = { fetch: whole(send, background), now, log }
  const { ASSETS: files, REFRESHES: refreshes } = env
  const ports: Ports =
    refreshes === undefined
      ? base
      : { ...base, refreshCoordinator: coordinate(configuration, base, refreshes, background) }
  try {
    const handle = createFetchHandler(configuration, ports, {
      decoded: NOTHING,
      asksForIdentity: false,
      openWebSocket: openWebSockets?.(configuration.server.maxWebSockets, ports),
      serveFiles: files && ((request) => files.fetch(request)),
    })
    for (const relaxation of relaxations) {
      log.warn(relaxation, 'the configuration is weaker than its default')
    }
    return { handle, background }
  } catch (error) {
    explain(log, error)
    return 'misconfigured'
  }
}

function explain(log: Log, error: unknown): void {
  if (!(error instanceof ConfigurationError)) throw error
  log.error({ mistakes: error.mistakes }, error.message)
}

/** Reads answers whole, so that nothing of them belongs to the request that asked for them. */
const whole =
  (send: Fetch, { track }: Background): Fetch =>
  (url, init) =>
    track(
      send(url, init).then(async (response) => {
        const { status, headers } = response
        const body = await response.arrayBuffer()
        return new Response(body.byteLength > 0 ? body : null, { status, headers })
      }),
    )

function coordinate(
  configuration: Configuration,
  ports: Ports,
  namespace: DurableObjectNamespace,
  { track }: Background,
) {
  const store = createDurableRefreshStore(namespace)
  return coordinateOverStore(configuration, ports, {
    begin: (names, wish) => track(store.begin(names, wish)),
    extend: (names, owner, lockedFor) => track(store.extend(names, owner, lockedFor)),
    finish: (names, owner, outcome) => track(store.finish(names, owner, outcome)),
    end: (names, keptFor) => track(store.end(names, keptFor)),
  })
}
