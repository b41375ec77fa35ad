// Bundles the worker of the example as wrangler would, from the built packages, and fails when it has grown, needs Node, or
// makes the bundler complain. Why these limits: decisions/0031 and 0039.
import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'
import type { BuildOptions, Metafile, OutputFile } from 'esbuild'
import { withConfiguration } from '../hosts/src/bundle.ts'
import { readWranglerFile } from '../hosts/src/wrangler.ts'

/** Kilobytes (1000 bytes), minified and gzipped. */
const limits = {
  /** The example in one file, as wrangler writes it: what is not configured is not in it. */
  example: 50,
  /** What a worker with everything in it evaluates as it starts, where the bundle is split. */
  start: 50,
  /** All that such a worker may ever load, in one file. */
  whole: 81,
}

const example = 'examples/deployments/worker'

const options = {
  nodePaths: ['hosts/node_modules'],
  bundle: true,
  minify: true,
  write: false,
  metafile: true,
  format: 'esm',
  platform: 'browser',
  target: 'es2022',
  conditions: ['workerd', 'worker'],
  outdir: 'out',
  logLevel: 'silent',
} satisfies BuildOptions

const sizeOf = (contents: Uint8Array) => gzipSync(contents, { level: 9 }).length / 1000

/** The outputs that an output imports, and what they import in turn, but for what is loaded on demand. */
function startOf(outputs: Metafile['outputs'], name: string): ReadonlySet<string> {
  const found = new Set<string>()
  const visit = (output: string): void => {
    if (found.has(output)) return
    found.add(output)
    for (const { kind, path } of outputs[output]?.imports ?? []) {
      if (kind === 'import-statement') visit(path)
    }
  }
  visit(name)
  return found
}

const problems: string[] = []
const everything = {
  ...options,
  stdin: {
    contents: `
import { createWorker, Refreshes } from '@token-handler/reference-handler/worker'
export { Refreshes }
export default createWorker()`,
    resolveDir: 'hosts',
    sourcefile: 'everything.ts',
  },
} satisfies BuildOptions

const folder = await mkdtemp(join(tmpdir(), 'worker-'))
const written = join(folder, 'configuration.json')
await promisify(execFile)(process.execPath, [
  'packages/reference-handler/dist/cli/main.js',
  'worker',
  `--config=${example}/token-handler.json`,
  `--out=${written}`,
])
const { define, main } = await readWranglerFile(example)
const oneFile = await build({
  ...options,
  entryPoints: [join(example, main)],
  define,
  plugins: [withConfiguration(written)],
})
await rm(folder, { recursive: true })
const whole = await build(everything)
const split = await build({ ...everything, splitting: true })

for (const { text } of [oneFile, whole, split].flatMap(({ warnings }) => warnings))
  problems.push(`warning: ${text}`)
for (const name of Object.keys(oneFile.metafile.inputs)) {
  if (/\/zod\//.test(name)) problems.push(`${name} is in the bundle of the example`)
}
for (const name of Object.keys(whole.metafile.inputs)) {
  if (/(?:^|[^\w])node:|\/zod\/v4\/classic\/|\/(?:fastify|undici|pino|ioredis)\//.test(name)) {
    problems.push(`${name} is in the bundle`)
  }
}

const start = startOf(split.metafile.outputs, 'out/stdin.js')
const startSize = split.outputFiles
  .filter(({ path }) => [...start].some((name) => path.endsWith(name)))
  .reduce((sum, { contents }) => sum + sizeOf(contents), 0)
const sizeOfAll = ({ outputFiles }: { readonly outputFiles: readonly OutputFile[] }) =>
  outputFiles.reduce((sum, { contents }) => sum + sizeOf(contents), 0)
const [exampleSize, wholeSize] = [sizeOfAll(oneFile), sizeOfAll(whole)]
console.log(
  `worker: the example ${exampleSize.toFixed(1)} kB; with everything, ${startSize.toFixed(1)} kB at the start and ${wholeSize.toFixed(1)} kB as one file`,
)
if (exampleSize > limits.example) problems.push(`the example is larger than ${limits.example} kB`)
if (startSize > limits.start) problems.push(`the start is larger than ${limits.start} kB`)
if (wholeSize > limits.whole) problems.push(`the whole is larger than ${limits.whole} kB`)

for (const problem of problems) console.error(problem)
if (problems.length > 0) process.exitCode = 1
