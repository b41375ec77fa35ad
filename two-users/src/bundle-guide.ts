// Bundles an app out of the code blocks of a guide, as a reader would copy them.
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { readCodeBlocks } from 'docs/code-blocks'
import { build as runEsbuild } from 'esbuild'

const here = fileURLToPath(new URL('.', import.meta.url))

/** What the guides call the host of agent and API; here everything is on one origin. */
const guideOrigin = /https:\/\/api\.example\.com/g

/** Reads the blocks of a guide of `docs/`, by their titles. */
export async function readGuide(guide: string): Promise<ReadonlyMap<string, string>> {
  const text = await readFile(new URL(`../../docs/${guide}.md`, import.meta.url), 'utf8')
  return new Map(
    readCodeBlocks(text).map(({ fileName, code }) => [fileName, code.replace(guideOrigin, '')]),
  )
}

/** Bundles a script that imports the blocks of a guide by their titles, e.g. `./app.tsx`. */
export const bundleGuide = async (guide: string, entry: string): Promise<string> =>
  bundle(entry, await readGuide(guide))

/**
 * Bundles a script for browsers.
 *
 * @param entry - TSX
 * @param blocks - files that it can import, by their names
 */
export async function bundle(
  entry: string,
  blocks: ReadonlyMap<string, string> = new Map(),
): Promise<string> {
  const { outputFiles } = await runEsbuild({
    stdin: { contents: entry, resolveDir: here, loader: 'tsx' },
    bundle: true,
    write: false,
    format: 'esm',
    target: 'es2022',
    jsx: 'automatic',
    conditions: ['@token-handler/source'],
    define: { 'process.env.NODE_ENV': '"production"' },
    plugins: [
      {
        name: 'guide',
        setup(build) {
          build.onResolve({ filter: /^\.\// }, ({ path }) =>
            blocks.has(path.slice(2)) ? { path: path.slice(2), namespace: 'guide' } : undefined,
          )
          build.onLoad({ filter: /.*/, namespace: 'guide' }, ({ path }) => ({
            contents: blocks.get(path) ?? '',
            loader: 'tsx',
            resolveDir: here,
          }))
        },
      },
    ],
  })
  const [output] = outputFiles
  if (output === undefined) throw new Error('esbuild wrote nothing')
  return output.text
}

/** A document with nothing but a script. */
export const appDocument =
  '<!doctype html><html lang="en"><title>two users</title><div id="root"></div><script type="module" src="/app.js"></script></html>'
