// A worker as wrangler would bundle it: one file, with the conditions of its runtime.
import { join } from 'node:path'
import { build } from 'esbuild'
import type { BuildOptions, Plugin } from 'esbuild'

/** What is bundled: a module as text, or a file; and what stands for names in it. */
export type Source = Pick<BuildOptions, 'stdin' | 'entryPoints' | 'define' | 'plugins'>

/** A module that is given as text. */
export const asSource = (contents: string): Source => ({
  stdin: { contents, resolveDir: import.meta.dirname, loader: 'ts' },
})

/** Takes another file for `./configuration.json` of the example: what `token-handler worker` has written elsewhere. */
export const withConfiguration = (file: string): Plugin => ({
  name: 'configuration',
  setup(building) {
    building.onResolve({ filter: /^\.\/configuration\.json$/ }, () => ({ path: file }))
  },
})

/** Bundles a module; rejects with the bundler's errors and warnings. */
export async function bundle(source: Source, file: string): Promise<void> {
  const { warnings } = await build({
    ...source,
    nodePaths: [join(import.meta.dirname, '../node_modules')],
    outfile: file,
    bundle: true,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    conditions: ['@token-handler/source', 'workerd', 'worker'],
    logLevel: 'silent',
  })
  if (warnings.length > 0) throw new Error(warnings.map(({ text }) => text).join('\n'))
}
