// Serves the app: from its sources while somebody works on it, or as the production bundle.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build, createServer, preview } from 'vite'
import type { InlineConfig } from 'vite'

/** The name under which browsers reach the app; it needs no hosts file. */
const HOSTNAME = 'www.app.localhost'

/** Options of {@link startSpa}. */
export interface SpaOptions {
  /** `development`: sources with hot reloading. `preview`: a production build, with its strict CSP. */
  readonly mode: 'development' | 'preview'
  /** A port on 127.0.0.1; 0 takes a free one. */
  readonly port: number
  /** The OAuth Agent. */
  readonly agentUrl: string
  /** The API behind the OAuth Proxy. */
  readonly apiUrl: string
  /** The local stack's control; with it the app shows the development panel. */
  readonly controlUrl?: string | undefined
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
  const server = await createServer({ ...baseConfig(options), server: listenOptions(options) })
  try {
    await server.listen()
  } catch (error) {
    await server.close()
    throw error
  }
  return { url: urlOf(server.httpServer?.address()), stop: () => server.close() }
}

async function startPreview(options: SpaOptions): Promise<Spa> {
  const outDir = await mkdtemp(join(tmpdir(), 'nordlicht-'))
  const config: InlineConfig = { ...baseConfig(options), build: { outDir, emptyOutDir: true } }
  const removeOutDir = (): Promise<void> => rm(outDir, { recursive: true, force: true })
  try {
    await buildForProduction(config)
    const headers = { 'content-security-policy': contentSecurityPolicy(options) }
    const server = await preview({ ...config, preview: { ...listenOptions(options), headers } })
    return {
      url: urlOf(server.httpServer.address()),
      stop: async () => {
        await server.close()
        await removeOutDir()
      },
    }
  } catch (error) {
    await removeOutDir()
    throw error
  }
}

/** With any other NODE_ENV, such as a test runner's, Vite builds React's development code. */
async function buildForProduction(config: InlineConfig): Promise<void> {
  const { NODE_ENV = 'production' } = process.env
  process.env['NODE_ENV'] = 'production'
  try {
    await build(config)
  } finally {
    process.env['NODE_ENV'] = NODE_ENV
  }
}

const baseConfig = ({ agentUrl, apiUrl, controlUrl }: SpaOptions): InlineConfig => ({
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

function urlOf(address: unknown): string {
  if (typeof address === 'object' && address !== null && 'port' in address) {
    return `http://${HOSTNAME}:${String(address.port)}`
  }
  throw new Error('The server of the app does not listen on a port.')
}

/** Nothing but the app's own files, and connections to its servers. */
function contentSecurityPolicy({ agentUrl, apiUrl, controlUrl }: SpaOptions): string {
  const servers = [agentUrl, apiUrl, ...(controlUrl === undefined ? [] : [controlUrl])]
  const origins = new Set(servers.map((url) => new URL(url).origin))
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
