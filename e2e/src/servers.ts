// The servers of one test file: the local stack, the built example app, and the fronts by which browsers reach both.
import { startLocalStack } from '@token-handler/local-stack'
import type { LocalStack, LocalStackOptions } from '@token-handler/local-stack'
import { startBuiltApp } from './built-app.ts'
import { createCertificate } from './certificate.ts'
import type { Engine } from './engines/engine.ts'
import { findFreePort } from '../../packages/reference-handler/test/support/free-port.ts'
import { startFront } from './front.ts'
import type { Front } from './front.ts'

/** Running servers. */
export interface Servers {
  /** Its URLs are those that browsers use. */
  readonly stack: LocalStack
  /** All that the handler and the authorization server logged, at level trace. */
  readonly log: readonly string[]
  readonly fronts: {
    readonly spa: Front
    /** The same as `spa` if everything is on one origin. */
    readonly handler: Front
  }
  readonly stop: () => Promise<void>
}

/** Options of {@link startServers}. */
export interface ServersOptions extends LocalStackOptions {
  /** Whether agent and API are on the app's origin, as behind a reverse proxy; default false. */
  readonly oneOrigin?: boolean
}

const isForHandler = (path: string): boolean => /^\/(?:oauth-agent|api)\//.test(path)

/** Starts them on free ports, under names that an engine can reach. */
export async function startServers(
  names: Engine['names'],
  { oneOrigin = false, ...options }: ServersOptions,
): Promise<Servers> {
  const log: string[] = []
  const stops: (() => Promise<void>)[] = []
  const stop = async () => {
    for (const end of stops.toReversed()) await end()
  }
  try {
    const domain = names === 'example' ? 'app.example.com' : 'app.localhost'
    const certificate = names === 'example' ? await createCertificate(domain) : undefined
    const ports = { handler: 0, app: 0 }
    const spa = await startFront({
      hostname: `www.${domain}`,
      port: await findFreePort(),
      target: (path) => (oneOrigin && isForHandler(path) ? ports.handler : ports.app),
      certificate,
    })
    stops.push(spa.stop)
    const handler = oneOrigin
      ? spa
      : await startFront({
          hostname: `api.${domain}`,
          port: 0,
          target: () => ports.handler,
          certificate,
        })
    if (handler !== spa) stops.push(handler.stop)
    const stack = await startLocalStack({
      ports: { handler: 0, authorizationServer: 0, api: 0, control: 0 },
      origin: spa.origin,
      log: { level: 'trace', destination: { write: (line) => void log.push(line) } },
      ...options,
    })
    stops.push(stack.stop)
    ports.handler = Number(new URL(stack.urls.handler).port)
    const urls = {
      ...stack.urls,
      handler: handler.origin,
      agent: stack.urls.agent.replace(stack.urls.handler, handler.origin),
      api: stack.urls.api.replace(stack.urls.handler, handler.origin),
    }
    const app = await startBuiltApp({ port: 0, agentUrl: urls.agent, apiUrl: `${urls.api}/` })
    stops.push(app.stop)
    ports.app = Number(new URL(app.url).port)
    return { stack: { ...stack, urls }, log, fronts: { spa, handler }, stop }
  } catch (error) {
    await stop()
    throw error
  }
}
