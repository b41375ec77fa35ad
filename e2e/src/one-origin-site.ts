// The example app and, on the same origin, agent and API: as behind a reverse proxy, or Vite's `server.proxy`.
import { createServer, request } from 'node:http'
import { appDocument, bundleApp } from './bundle-app.ts'
import { listen } from './listen.ts'

/** Where the site listens and forwards to. */
export interface OneOriginOptions {
  readonly port: number
  /** Agent and proxy. */
  readonly handlerUrl: string
}

/** Starts the site on 127.0.0.1; resolves with how to stop it. */
export async function startOneOriginSite({
  port,
  handlerUrl,
}: OneOriginOptions): Promise<() => Promise<void>> {
  const app = await bundleApp({ agentUrl: '/oauth-agent', apiUrl: '/api' })
  const handlerPort = new URL(handlerUrl).port

  const server = createServer((incoming, outgoing) => {
    const { method, url: path = '/', headers } = incoming
    if (/^\/(?:oauth-agent|api)\//.test(path)) {
      const forwarded = request({ host: '127.0.0.1', port: handlerPort, method, path, headers })
      forwarded.on('response', (answer) => {
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers)
        answer.pipe(outgoing)
      })
      forwarded.on('error', () => outgoing.destroy())
      outgoing.on('close', () => forwarded.destroy())
      incoming.pipe(forwarded)
      return
    }
    const isApp = path === '/app.js'
    outgoing.writeHead(200, { 'content-type': isApp ? 'text/javascript' : 'text/html' })
    outgoing.end(isApp ? app : appDocument)
  })
  return (await listen(server, port)).stop
}
