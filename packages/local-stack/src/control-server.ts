// The controls over HTTP, for the demo's page: one POST each, from the SPA's origin alone.
import { createServer } from 'node:http'
import type { IncomingMessage } from 'node:http'
import { availabilities } from './availability.ts'
import type { StackControls } from './controls.ts'
import { close, listen, LOOPBACK } from './listening.ts'

/** How the control server starts. */
export interface ControlServerOptions {
  /** 0 for any free one. */
  readonly port: number
  readonly controls: StackControls
  /** The SPA's origin. */
  readonly origin: string
}

/** A running control server. */
export interface ControlServer {
  readonly url: string
  readonly close: () => Promise<void>
}

type Control = () => Promise<void>

function controlPaths(controls: StackControls): ReadonlyMap<string, Control> {
  return new Map<string, Control>([
    ['/expire-access-tokens', controls.expireAccessTokens],
    ['/end-sessions', controls.endSessions],
    ...availabilities.flatMap((state): [string, Control][] => [
      [`/api-${state}`, () => controls.setApi(state)],
      [`/authorization-server-${state}`, () => controls.setAuthorizationServer(state)],
    ]),
  ])
}

/**
 * Starts the control server. Every path takes an empty POST and answers 204: `/expire-access-tokens`,
 * `/end-sessions`, and `/api-…` and `/authorization-server-…` with each {@link Availability}.
 *
 * Browsers put the page's origin on every POST, so a page of another origin is refused; a request
 * without one comes from a program on this machine.
 *
 * @throws `PortTakenError` when another program has the port
 */
export async function startControlServer(options: ControlServerOptions): Promise<ControlServer> {
  const { controls, origin } = options
  const paths = controlPaths(controls)

  async function answer({ method, url = '', headers }: IncomingMessage): Promise<number> {
    if (headers.origin !== undefined && headers.origin !== origin) return 403
    const control = paths.get(url)
    if (control === undefined) return 404
    if (method !== 'POST') return 405
    await control()
    return 204
  }

  const server = createServer((request, response) => {
    void answer(request).then(
      (status) => response.writeHead(status, { 'access-control-allow-origin': origin }).end(),
      () => response.writeHead(500).end(),
    )
  })
  const wish = {
    port: options.port,
    service: 'the control server',
    option: 'the option ports.control',
  }
  const port = await listen(server, wish)
  return { url: `http://${LOOPBACK}:${port}`, close: () => close(server) }
}
