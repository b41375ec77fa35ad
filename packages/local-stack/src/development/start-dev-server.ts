// A server in front of any dev server: agent, proxy and API on one origin with the app.
import { createServer } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import { listen, close } from '../listening.ts'
import { createBackend } from './create-backend.ts'
import type { Backend, BackendSurroundings } from './create-backend.ts'
import { forward, forwardUpgrade } from './forward.ts'
import { makeLocalCertificate } from './local-authority.ts'
import type { LocalCertificate } from './local-authority.ts'
import type { DevelopmentOptions } from './options.ts'

/** Options of {@link startDevServer}. */
export interface DevServerOptions extends DevelopmentOptions {
  /** The dev server of the app, such as `http://localhost:4200`. */
  readonly spa: string
  /**
   * The port of the one origin; 0 takes any free one.
   * @default 5173
   */
  readonly port?: number | undefined
  /**
   * Serves https, with a certificate of a local authority.
   * @default false
   */
  readonly https?: boolean | undefined
  /**
   * What paths of files are relative to.
   * @default the folder that the program runs in
   */
  readonly folder?: BackendSurroundings['folder'] | undefined
  /** Gets a line for the developer when something fails. Default: nothing does. */
  readonly onTrouble?: BackendSurroundings['onTrouble'] | undefined
}

/** A running server. */
export interface DevServer {
  /** What to open in a browser. */
  readonly origin: string
  readonly backend: Pick<Backend, 'users' | 'pagePath'>
  readonly certificate: LocalCertificate | undefined
  readonly stop: () => Promise<void>
}

/**
 * Starts a server that has agent, proxy and API on the origin of an app whose own dev server runs elsewhere. Its
 * WebSockets pass too, so that hot reloading works.
 *
 * @throws `PortTakenError` when another program has the port
 *
 * @example
 * import { startDevServer } from '@token-handler/local-stack/development'
 *
 * const { origin } = await startDevServer({ spa: 'http://localhost:4200' })
 * console.log(`Open ${origin}`)
 * @see {@link https://datatracker.ietf.org/doc/html/draft-ietf-oauth-browser-based-apps OAuth 2.0 for Browser-Based Applications}
 */
export async function startDevServer(options: DevServerOptions): Promise<DevServer> {
  const { spa, folder = '.', onTrouble = () => {}, port: wish = 5173 } = options
  const certificate = options.https === true ? await makeLocalCertificate(['localhost']) : undefined
  const server = certificate === undefined ? createServer() : createTlsServer(certificate)
  const backend = createBackend(options, { folder, onTrouble })
  // Dev servers answer their own name alone.
  const { host, origin: spaOrigin } = new URL(spa)
  server.on('request', (request, response) => {
    backend.middleware(request, response, () => forward(spa, request, response, { host }))
  })
  server.on('upgrade', (request, socket, head) => {
    if (backend.upgrade(request, socket, head)) return
    forwardUpgrade(spa, request, socket, head, { host, origin: spaOrigin })
  })
  const port = await listen(server, { port: wish, service: 'the dev server', option: '--port' })
  const origin = `${certificate === undefined ? 'http' : 'https'}://localhost:${port}`
  try {
    await backend.start(origin)
  } catch (error) {
    await close(server)
    throw error
  }
  return {
    origin,
    backend,
    certificate,
    async stop() {
      await close(server)
      await backend.stop()
    },
  }
}
