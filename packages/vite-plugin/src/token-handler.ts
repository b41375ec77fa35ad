// The plugin: a backend for sign-in that lives as long as Vite's dev server, on its port.
import type { AddressInfo } from 'node:net'
import type { Backend } from '@token-handler/local-stack/development'
import type { Plugin, ViteDevServer } from 'vite'
import type { TokenHandlerPluginOptions } from './options.ts'
import { requireNode } from './require-node.ts'

/** Loaded when a dev server starts: a build has nothing of it. */
const loadDevelopment = () => import('@token-handler/local-stack/development')

/**
 * Runs an authorization server, OAuth Agent, OAuth Proxy and a demo API inside `vite dev`, on the page's own origin
 * and the port that Vite prints: agent at `/oauth-agent`, API at `/api`, and a page about both at `/__token-handler`.
 * With `issuer` the agent signs users in at a real authorization server. A build is not changed.
 *
 * @param options - every one has a default
 * @returns the plugin, for `plugins` of the Vite configuration
 * @throws when the dev server starts: the users cannot be read, options do not fit, or Node is too old
 *
 * @example
 * import { defineConfig } from 'vite'
 * import { tokenHandler } from '@token-handler/vite-plugin'
 *
 * export const config = defineConfig({ plugins: [tokenHandler({ api: 'http://localhost:8080' })] })
 * @see {@link https://datatracker.ietf.org/doc/html/draft-ietf-oauth-browser-based-apps OAuth 2.0 for Browser-Based Applications}
 */
export function tokenHandler(options: TokenHandlerPluginOptions = {}): Plugin {
  let backend: Backend | undefined
  let hint: string | undefined
  return {
    name: 'token-handler',
    apply: (_config, { command, isPreview }) => command === 'serve' && isPreview !== true,
    async config(user) {
      const { https = false } = options
      if (https === false || user.server?.https !== undefined) return undefined
      requireNode(process.versions.node)
      const { explainTrust, makeLocalCertificate } = await loadDevelopment()
      const folder = https === true ? undefined : https
      const { key, cert, authorityFile, isNew } = await makeLocalCertificate(['localhost'], folder)
      if (isNew) {
        const command = explainTrust(authorityFile, process.platform)
        hint = `To have browsers trust https://localhost, run this once:\n     ${command}`
      }
      return { server: { https: { key, cert } } }
    },
    async configureServer(server) {
      requireNode(process.versions.node)
      const { createBackend, demoPassword } = await loadDevelopment()
      const { logger, root } = server.config
      const onTrouble = (message: string) => logger.error(`[token-handler] ${message}`)
      const created = createBackend(options, { folder: root, onTrouble })
      backend = created
      server.middlewares.use(created.middleware)
      startWithServer(server, created, options)
      printWithUrls(server, created, { password: demoPassword, hint })
    },
    // Vite calls it when its dev server closes, in middleware mode too.
    async closeBundle() {
      await backend?.stop()
      backend = undefined
    },
  }
}

/** Starts the backend as soon as the page's origin is known. */
function startWithServer(
  { httpServer, config }: ViteDevServer,
  backend: Backend,
  options: TokenHandlerPluginOptions,
): void {
  const start = (origin: string) =>
    backend.start(origin).catch((error: unknown) => {
      const message = error instanceof Error ? error.message : 'unknown error'
      config.logger.error(`[token-handler] ${message}`)
    })
  if (options.origin !== undefined) void start(options.origin)
  else if (httpServer === null) {
    config.logger.error('[token-handler] In middleware mode, set the option origin.')
  } else {
    const scheme = config.server.https === undefined ? 'http' : 'https'
    httpServer.once('listening', () => {
      const { port } = httpServer.address() as AddressInfo
      void start(`${scheme}://localhost:${port}`)
    })
  }
  httpServer?.on('upgrade', (request, socket, head) => {
    backend.upgrade(request, socket, head)
  })
}

/** Says below Vite's URLs who can sign in, and where to look. */
function printWithUrls(
  server: ViteDevServer,
  backend: Backend,
  { password, hint }: { readonly password: string; readonly hint: string | undefined },
): void {
  const printUrls = server.printUrls.bind(server)
  server.printUrls = () => {
    printUrls()
    const names = backend.users.map(({ id }) => id).join(' or ')
    const who = names === '' ? '' : `sign in as ${names}, password ${password}; `
    server.config.logger.info(`  ➜  Token Handler: ${who}look into ${backend.pagePath}`)
    if (hint !== undefined) server.config.logger.info(`  ➜  ${hint}`)
  }
}
