// The example app as one script, with something else to run before it.
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

/** Where the app believes its servers to be. */
export interface AppServers {
  readonly agentUrl: string
  readonly apiUrl: string
}

const source = fileURLToPath(new URL('../../examples/react-spa/src/main.tsx', import.meta.url))

/**
 * Bundles the example app without its styles.
 *
 * @param before - a module that runs first; the app waits for it. It may import what this package can
 * @returns a module script
 */
export async function bundleApp({ agentUrl, apiUrl }: AppServers, before = ''): Promise<string> {
  const { outputFiles } = await build({
    stdin: {
      contents: `${before}\nawait import(${JSON.stringify(source)})`,
      resolveDir: fileURLToPath(new URL('.', import.meta.url)),
      loader: 'ts',
    },
    bundle: true,
    write: false,
    format: 'esm',
    target: 'es2022',
    jsx: 'automatic',
    loader: { '.css': 'empty' },
    conditions: ['@token-handler/source'],
    define: {
      'process.env.NODE_ENV': '"production"',
      'import.meta.env': JSON.stringify({ VITE_AGENT_URL: agentUrl, VITE_API_URL: apiUrl }),
    },
  })
  const [output] = outputFiles
  if (output === undefined) throw new Error('esbuild wrote nothing')
  return output.text
}

/** The app's document; its script is `/app.js`. */
export const appDocument =
  '<!doctype html><html lang="en"><div id="root"></div><script type="module" src="/app.js"></script></html>'
