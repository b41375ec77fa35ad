// Serves the app: from its sources while somebody works on it, or as the production bundle.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { leadToOrigin } from '@token-handler/local-stack/development'
import { build, createServer } from 'vite'
import type { InlineConfig, Plugin } from 'vite'
import { startStaticServer } from './static-server.ts'

/** The name under which browsers reach the app; it needs no hosts file. */
const HOSTNAME = 'www.app.localhost'

/** Where the app believes its servers to be. */
export interface SpaServers {
  /** The OAuth Agent. */
  readonly agentUrl: string
  /** The API behind the OAuth Proxy. */
  readonly apiUrl: string
  /** The local stack's control; with it the devtools hold buttons that make things go wrong. */
  readonly controlUrl?: string | undefined
}

/** Options of {@link startSpa}. */
export interface SpaOptions extends SpaServers {
  /** `development`: sources with hot reloading. `preview`: a production build, served as in production. */
  readonly mode: 'development' | 'preview'
  /** A port on 127.0.0.1; 0 takes a free one. */
  readonly port: number
}

/** A running app. */
export interface Spa {
  readonly url: string
  readonly stop: () => Promise<void>
}

/**
 * Starts the app.
 *
 * @throws when the port is taken
 */
export async function startSpa(options: SpaOptions): Promise<Spa> {
  return options.mode === 'development' ? startDevelopment(options) : startPreview(options)
}

async function startDevelopment(options: SpaOptions): Promise<Spa> {
  const server = await withNodeEnv('development', async () => {
    const { define, ...base } = baseConfig(options)
    const created = await createServer({
      ...base,
      // Otherwise it is read anew with each file that is asked for.
      define: { ...define, 'process.env.NODE_ENV': JSON.stringify('development') },
      server: listenOptions(options),
      plugins: [leadToApp],
    })
    return created.listen().catch(async (error: unknown) => {
      await created.close()
      throw error
    })
  })
  const { port } = new URL(server.resolvedUrls?.local[0] ?? '')
  return { url: urlOf(port), stop: () => server.close() }
}

async function startPreview(options: SpaOptions): Promise<Spa> {
  const folder = await mkdtemp(join(tmpdir(), 'nordlicht-'))
  try {
    await buildSpa(options, folder)
    // It keeps the files in memory.
    return await serveSpa(folder, options)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** Builds the app into a folder. */
export async function buildSpa(servers: SpaServers, folder: string): Promise<void> {
  const config = { ...baseConfig(servers), build: { outDir: folder, emptyOutDir: true } }
  await withNodeEnv('production', () => build(config))
}

/**
 * Serves a build, from memory.
 *
 * @param builtFor - the servers for which it was built, if they are others
 */
export async function serveSpa(
  folder: string,
  options: Omit<SpaOptions, 'mode'>,
  builtFor: SpaServers = options,
): Promise<Spa> {
  const server = await startStaticServer({
    folder,
    port: options.port,
    contentSecurityPolicy: contentSecurityPolicy(options),
    rewrite: (script) =>
      script
        .replaceAll(builtFor.agentUrl, options.agentUrl)
        .replaceAll(builtFor.apiUrl, options.apiUrl),
  })
  return { url: urlOf(server.port), stop: server.stop }
}

/** `localhost`, which everybody types, leads to the name under which a sign-in works. */
const leadToApp: Plugin = {
  name: 'lead-to-app',
  configureServer({ httpServer, middlewares }) {
    const lead = leadToOrigin(() => {
      const address = httpServer?.address()
      return typeof address === 'object' && address !== null ? urlOf(address.port) : undefined
    })
    middlewares.use(lead)
  },
}

/** Vite takes over a NODE_ENV that is set already, such as a test runner's, and builds React for that. */
async function withNodeEnv<T>(
  value: 'development' | 'production',
  work: () => Promise<T>,
): Promise<T> {
  const before = process.env['NODE_ENV']
  process.env['NODE_ENV'] = value
  try {
    return await work()
  } finally {
    if (before === undefined) delete process.env['NODE_ENV']
    else process.env['NODE_ENV'] = before
  }
}

const baseConfig = ({ agentUrl, apiUrl, controlUrl }: SpaServers): InlineConfig => ({
  root: import.meta.dirname,
  logLevel: 'warn',
  define: {
    'import.meta.env.VITE_AGENT_URL': JSON.stringify(agentUrl),
    'import.meta.env.VITE_API_URL': JSON.stringify(apiUrl),
    'import.meta.env.VITE_CONTROL_URL': JSON.stringify(controlUrl) ?? 'undefined',
  },
})

const listenOptions = ({ port }: SpaOptions) => ({
  host: '127.0.0.1',
  port,
  strictPort: true,
  allowedHosts: [HOSTNAME],
})

const urlOf = (port: string | number): string => `http://${HOSTNAME}:${port}`

/** Nothing but the app's own files, and connections to its servers. */
function contentSecurityPolicy({ agentUrl, apiUrl }: SpaServers): string {
  const origins = new Set([agentUrl, apiUrl].map((url) => new URL(url).origin))
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    `connect-src ${[...origins].join(' ')}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ')
}
