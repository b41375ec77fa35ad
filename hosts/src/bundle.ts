// A worker as wrangler would bundle it: one file, with the conditions of its runtime.
import { join } from 'node:path'
import { build } from 'esbuild'
import type { BuildOptions } from 'esbuild'

/** What is bundled: a module as text, or a file. */
export type Source = Pick<BuildOptions, 'stdin' | 'entryPoints'>

/** A module that is given as text. */
export const asSource = (contents: string): Source => ({
  stdin: { contents, resolveDir: import.meta.dirname, loader: 'ts' },
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
