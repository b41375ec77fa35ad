// Bundles the worker of the example as wrangler would, from the built packages, and fails when it has grown, needs Node, or
// makes the bundler complain. Why these limits: decisions/0031.
import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'
import type { BuildOptions, Metafile } from 'esbuild'

/** Kilobytes (1000 bytes), minified and gzipped. */
const limits = {
  /** What a worker evaluates as it starts. */
  start: 50,
  /** All that it may ever load, in one file. */
  whole: 81,
}

const options = {
  entryPoints: ['examples/deployments/worker/src/worker.ts'],
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
const whole = await build(options)
const split = await build({ ...options, splitting: true })

for (const { text } of [...whole.warnings, ...split.warnings]) problems.push(`warning: ${text}`)
for (const name of Object.keys(whole.metafile.inputs)) {
  if (/(?:^|[^\w])node:|\/zod\/v4\/classic\/|\/(?:fastify|undici|pino|ioredis)\//.test(name)) {
    problems.push(`${name} is in the bundle`)
  }
}

const start = startOf(split.metafile.outputs, 'out/worker.js')
const startSize = split.outputFiles
  .filter(({ path }) => [...start].some((name) => path.endsWith(name)))
  .reduce((sum, { contents }) => sum + sizeOf(contents), 0)
const wholeSize = whole.outputFiles.reduce((sum, { contents }) => sum + sizeOf(contents), 0)
console.log(
  `worker: ${startSize.toFixed(1)} kB at the start, ${wholeSize.toFixed(1)} kB as one file`,
)
if (startSize > limits.start) problems.push(`the start is larger than ${limits.start} kB`)
if (wholeSize > limits.whole) problems.push(`the whole is larger than ${limits.whole} kB`)

for (const problem of problems) console.error(problem)
if (problems.length > 0) process.exitCode = 1
