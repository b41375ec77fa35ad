// Serves a built app from memory, as it should be served: cached, compressed, and under a strict policy.
import { readdir, readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { IncomingMessage, OutgoingHttpHeaders } from 'node:http'
import { extname, join } from 'node:path'
import { brotliCompressSync, gzipSync } from 'node:zlib'

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
}

/** One file, in every coding it is served in. */
interface Asset {
  readonly headers: OutgoingHttpHeaders
  readonly bodies: Readonly<Record<'br' | 'gzip' | 'identity', Buffer>>
}

/** What is answered. */
interface Answer {
  readonly status: number
  readonly headers: OutgoingHttpHeaders
  readonly body?: Buffer
}

/** Options of {@link startStaticServer}. */
export interface StaticServerOptions {
  /** The built app. */
  readonly folder: string
  /** A port on 127.0.0.1; 0 takes a free one. */
  readonly port: number
  readonly contentSecurityPolicy: string
  /** Changes documents and scripts before they are served; default: not at all. */
  readonly rewrite?: (text: string) => string
}

/** Files under `assets/` have the hash of their content in their name. */
const cacheControl = (path: string): string =>
  path.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache'

async function readAssets({
  folder,
  rewrite = (text) => text,
}: StaticServerOptions): Promise<ReadonlyMap<string, Asset>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const assets = new Map<string, Asset>()
  for (const entry of entries.filter((entry) => entry.isFile())) {
    const file = join(entry.parentPath, entry.name)
    const path = file.slice(folder.length).replaceAll('\\', '/')
    const content = await readFile(file)
    const isText = /\.(?:html|js)$/.test(path)
    const identity = isText ? Buffer.from(rewrite(String(content))) : content
    assets.set(path, {
      headers: {
        'content-type': types[extname(path)] ?? 'application/octet-stream',
        'cache-control': cacheControl(path),
      },
      bodies: { identity, br: brotliCompressSync(identity), gzip: gzipSync(identity) },
    })
  }
  return assets
}

/** The best coding that the browser accepts. */
function chooseCoding(accepted: string | undefined): keyof Asset['bodies'] {
  const codings = new Set((accepted ?? '').split(',').map((part) => part.split(';')[0]?.trim()))
  return codings.has('br') ? 'br' : codings.has('gzip') ? 'gzip' : 'identity'
}

/** Starts it, and resolves when it listens. */
export async function startStaticServer(
  options: StaticServerOptions,
): Promise<{ readonly port: number; readonly stop: () => Promise<void> }> {
  const assets = await readAssets(options)
  const security: OutgoingHttpHeaders = {
    'content-security-policy': options.contentSecurityPolicy,
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'same-origin',
  }

  function answer({ method, url = '/', headers }: IncomingMessage): Answer {
    if (method !== 'GET' && method !== 'HEAD') return { status: 405, headers: security }
    const { pathname } = new URL(url, 'http://localhost')
    // Every path without a file is a route of the app.
    const asset =
      assets.get(pathname) ?? (extname(pathname) ? undefined : assets.get('/index.html'))
    if (asset === undefined) return { status: 404, headers: security }
    const coding = chooseCoding(headers['accept-encoding'])
    const body = asset.bodies[coding]
    return {
      status: 200,
      headers: {
        ...security,
        ...asset.headers,
        ...(coding !== 'identity' && { 'content-encoding': coding }),
        'content-length': body.length,
        vary: 'accept-encoding',
      },
      body,
    }
  }

  const server = createServer((request, response) => {
    const { status, headers, body } = answer(request)
    response.writeHead(status, headers).end(request.method === 'HEAD' ? undefined : body)
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(options.port, '127.0.0.1', resolve)
  })
  const address = server.address()
  return {
    port: typeof address === 'object' && address !== null ? address.port : options.port,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
