// Bundles a program as an app's bundler would, and weighs what comes out.
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import { build } from 'esbuild'

/** Bytes. */
export interface Weight {
  readonly minified: number
  readonly gzip: number
  readonly brotli: number
}

/** What an app has anyway. */
const external = ['react', 'react/jsx-runtime', 'react-dom', 'next']

/** A file of a bundle. */
interface Chunk {
  readonly name: string
  readonly code: string
  readonly isEntry: boolean
  /** Names of the chunks that are loaded with it; those loaded later, on demand, are not among them. */
  readonly imports: readonly string[]
}

/** Weighs what a page loads at once. */
function weighChunks(chunks: readonly Chunk[]): Weight {
  const loaded = new Set<Chunk>()
  const load = (chunk: Chunk | undefined): void => {
    if (chunk === undefined || loaded.has(chunk)) return
    loaded.add(chunk)
    for (const name of chunk.imports) load(chunks.find((other) => other.name === name))
  }
  load(chunks.find(({ isEntry }) => isEntry))
  const sum = (weigh: (code: Buffer) => number) =>
    [...loaded].reduce((total, { code }) => total + weigh(Buffer.from(code)), 0)
  return {
    minified: sum((code) => code.length),
    gzip: sum((code) => gzipSync(code, { level: 9 }).length),
    brotli: sum((code) => brotliCompressSync(code).length),
  }
}

/** @param entry - a file */
export async function weighWithEsbuild(entry: string): Promise<Weight> {
  const { outputFiles, metafile } = await build({
    entryPoints: [entry],
    bundle: true,
    minify: true,
    splitting: true,
    format: 'esm',
    target: 'es2022',
    define: { 'process.env.NODE_ENV': '"production"' },
    external,
    outdir: '/',
    absWorkingDir: '/',
    write: false,
    metafile: true,
    logLevel: 'error',
  })
  const chunks = Object.entries(metafile.outputs).map(([name, { entryPoint, imports }]) => ({
    name,
    code: outputFiles.find(({ path }) => path.endsWith(name))?.text ?? '',
    isEntry: entryPoint !== undefined && entry.endsWith(entryPoint),
    imports: imports.filter(({ kind }) => kind === 'import-statement').map(({ path }) => path),
  }))
  return weighChunks(chunks)
}

/** The part of Rolldown that is used here; it is installed for the measurement only. */
interface Rolldown {
  readonly build: (options: object) => Promise<{
    readonly output: readonly {
      readonly fileName: string
      readonly code?: string
      readonly isEntry?: boolean
      readonly imports?: readonly string[]
    }[]
  }>
}

/**
 * @param entry - a file
 * @param project - where Rolldown is installed
 */
export async function weighWithRolldown(entry: string, project: string): Promise<Weight> {
  const path = createRequire(join(project, 'package.json')).resolve('rolldown')
  const { build } = (await import(pathToFileURL(path).href)) as Rolldown
  const { output } = await build({
    input: entry,
    external,
    platform: 'browser',
    resolve: { conditionNames: ['browser', 'module', 'import', 'default'] },
    transform: { target: 'es2022', define: { 'process.env.NODE_ENV': '"production"' } },
    output: { format: 'es', minify: true },
    write: false,
    logLevel: 'silent',
  })
  const chunks = output.map(({ fileName, code = '', isEntry = false, imports = [] }) => ({
    name: fileName,
    code,
    isEntry,
    imports,
  }))
  return weighChunks(chunks)
}
