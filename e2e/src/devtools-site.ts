// Serves the small app under the strictest policy, beside an agent and an API that know one user.
import { createServer } from 'node:http'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { listen } from './listen.ts'

/** Style sheets that would show everywhere, were the devtools not shut off from them. */
const appCss = 'body { background: white } button, aside, table { color: red; font-size: 40px }'

const policy =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'"

/** The running site. */
export interface DevtoolsSite {
  readonly url: string
  /** The next call to the API finds that the access token has expired. */
  readonly expireAccessToken: () => void
  readonly stop: () => Promise<void>
}

async function bundle(): Promise<ReadonlyMap<string, string>> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL('devtools-app.tsx', import.meta.url))],
    bundle: true,
    splitting: true,
    write: false,
    outdir: '/',
    format: 'esm',
    jsx: 'automatic',
    conditions: ['@token-handler/source'],
    define: { 'process.env.NODE_ENV': '"development"' },
  })
  return new Map(outputFiles.map(({ path, text }) => [path, text]))
}

/** Starts it, on a free port. */
export async function startDevtoolsSite(): Promise<DevtoolsSite> {
  const scripts = await bundle()
  let isExpired = false

  function answer(path: string): readonly [status: number, type: string, body: string] {
    const script = scripts.get(path)
    if (script !== undefined) return [200, 'text/javascript', script]
    switch (path) {
      case '/app.css':
        return [200, 'text/css', appCss]
      case '/oauth-agent/session':
        return [
          200,
          'application/json',
          JSON.stringify({
            is_logged_in: true,
            id_token_claims: { sub: 'alice', name: 'Alice Andersson' },
            access_token_expires_in: 300,
          }),
        ]
      case '/oauth-agent/refresh':
        isExpired = false
        return [200, 'application/json', '{"access_token_expires_in":300}']
      case '/api/orders':
        return [isExpired ? 401 : 200, 'application/json', '[]']
      case '/':
        return [
          200,
          'text/html',
          `<!doctype html><html lang="en"><title>The app</title><meta name="viewport" content="width=device-width">
          <link rel="stylesheet" href="/app.css">
          <div id="root"></div><script type="module" src="/devtools-app.js"></script>`,
        ]
      default:
        return [404, 'text/plain', '']
    }
  }

  const server = createServer((request, response) => {
    const [status, type, body] = answer(new URL(request.url ?? '/', 'http://localhost').pathname)
    response
      .writeHead(status, { 'content-type': type, 'content-security-policy': policy })
      .end(body)
  })
  const { port, stop } = await listen(server)
  return {
    url: `http://127.0.0.1:${port}/`,
    expireAccessToken: () => {
      isExpired = true
    },
    stop,
  }
}
