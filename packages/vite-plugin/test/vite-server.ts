// A real Vite dev server with the plugin, for a tiny app that uses the SDK.
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'
import { createServer } from 'vite'
import type { InlineConfig, ViteDevServer } from 'vite'
import { findFreePorts } from '../../reference-handler/test/support/free-port.ts'
import { tokenHandler } from '../src/index.ts'
import type { TokenHandlerPluginOptions } from '../src/index.ts'

const page = `<!doctype html>
<html lang="en">
  <head><meta charset="utf-8" /><title>The app</title></head>
  <body>
    <h1>The app</h1>
    <button id="sign-in">Sign in</button>
    <button id="call">Load orders</button>
    <p id="user"></p>
    <pre id="orders"></pre>
    <script type="module" src="/main.ts"></script>
  </body>
</html>
`

const main = `import { createTokenHandlerClient } from '@token-handler/client'

const client = createTokenHandlerClient({
  agentUrl: '/oauth-agent',
  apiUrls: ['/api/'],
  callbackPath: '/callback',
})
const find = (id: string) => document.getElementById(id)!
client.subscribe(() => {
  const session = client.getSnapshot()
  find('user').textContent = session.status === 'authenticated' ? JSON.stringify(session.claims) : session.status
})
find('sign-in').onclick = () => void client.login()
find('call').onclick = async () => {
  const response = await client.fetch('/api/orders')
  find('orders').textContent = String(response.status) + ' ' + (await response.text())
}
const { returnTo } = await client.load()
if (returnTo !== undefined) history.replaceState(null, '', returnTo)
`

/** What Vite said. */
export interface Started {
  readonly server: ViteDevServer
  readonly origin: string
  readonly folder: string
  /** Lines at level info and error. */
  readonly lines: readonly string[]
}

/** Makes the app in a folder of its own, which goes with the test. */
export async function makeApp(files: Readonly<Record<string, string>> = {}): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'token-handler-vite-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  for (const [name, text] of Object.entries({ 'index.html': page, 'main.ts': main, ...files })) {
    await writeFile(join(folder, name), text)
  }
  return folder
}

const client = fileURLToPath(new URL('../../client/src/index.ts', import.meta.url))
const contract = fileURLToPath(new URL('../../contract/src/index.ts', import.meta.url))

/** The configuration of the app, apart from the plugin. */
export const appConfig = (folder: string): InlineConfig => ({
  configFile: false,
  root: folder,
  cacheDir: join(folder, '.vite'),
  logLevel: 'info',
  resolve: { alias: { '@token-handler/client': client, '@token-handler/contract': contract } },
})

/** Starts Vite, which ends with the test. */
export async function startVite(
  options: TokenHandlerPluginOptions = {},
  files: Readonly<Record<string, string>> = {},
): Promise<Started> {
  const folder = await makeApp(files)
  const [port = 0] = await findFreePorts(1)
  const lines: string[] = []
  const say = (text: string) => void lines.push(text)
  const server = await createServer({
    ...appConfig(folder),
    server: { port, strictPort: true, host: '127.0.0.1', fs: { strict: false } },
    plugins: [tokenHandler(options)],
    customLogger: {
      info: say,
      warn: say,
      warnOnce: say,
      error: say,
      clearScreen() {},
      hasErrorLogged: () => false,
      hasWarned: false,
    },
  })
  onTestFinished(() => server.close())
  await server.listen()
  server.printUrls()
  const scheme = server.config.server.https === undefined ? 'http' : 'https'
  return { server, origin: `${scheme}://localhost:${port}`, folder, lines }
}
