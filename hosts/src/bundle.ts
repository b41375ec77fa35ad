// A worker as wrangler would bundle it: one file, with the conditions of its runtime.
import { build } from 'esbuild'

/** Bundles a module that is given as text; rejects with the bundler's errors and warnings. */
export async function bundle(code: string, file: string): Promise<void> {
  const { warnings } = await build({
    stdin: { contents: code, resolveDir: import.meta.dirname, loader: 'ts' },
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
