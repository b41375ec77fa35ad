// How long a cold worker takes: from starting workerd to its first answer, beside a worker that does nothing.
import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { promisify } from 'node:util'
import { build } from 'esbuild'
import type { BuildOptions } from 'esbuild'
import { findBinary } from '../../hosts/src/binaries.ts'
import { withConfiguration } from '../../hosts/src/bundle.ts'
import { readWranglerFile } from '../../hosts/src/wrangler.ts'

const ROUNDS = 15

const root = join(import.meta.dirname, '../..')
const example = join(root, 'examples/deployments/worker')

const idle = "export default { fetch: () => new Response('idle') }"

const everything = `
import { createWorker, Refreshes } from '@token-handler/reference-handler/worker'
export { Refreshes }
export default createWorker()`

const secrets = {
  TOKEN_HANDLER_CLIENT_SECRET: 'secret',
  TOKEN_HANDLER_COOKIE_SECRETS: '0123456789abcdef0123456789abcdef',
}

/** What the example's file says, as variables. */
const variables = {
  TOKEN_HANDLER_ISSUER: 'https://login.example.com',
  TOKEN_HANDLER_CLIENT_ID: 'spa',
  TOKEN_HANDLER_REDIRECT_URI: 'https://www.example.com/callback',
  TOKEN_HANDLER_POST_LOGOUT_REDIRECT_URI: 'https://www.example.com/',
  TOKEN_HANDLER_TRUSTED_ORIGINS: 'https://www.example.com',
  TOKEN_HANDLER_ROUTES: '/api=https://orders.example.com',
}

const options: BuildOptions = {
  nodePaths: [join(root, 'hosts/node_modules')],
  bundle: true,
  minify: true,
  format: 'esm',
  target: 'es2022',
  conditions: ['@token-handler/source', 'workerd', 'worker'],
  outExtension: { '.js': '.mjs' },
  entryNames: 'worker',
}
const whole: BuildOptions = {
  ...options,
  stdin: { contents: everything, resolveDir: join(root, 'hosts') },
}

/** A worker that is measured: what fills its folder with modules, and its bindings. */
interface Variant {
  readonly name: string
  readonly make: (folder: string) => Promise<unknown>
  readonly bindings: Readonly<Record<string, string>>
}

const variants: readonly Variant[] = [
  {
    name: 'a worker that does nothing',
    make: (folder) => writeFile(join(folder, 'worker.mjs'), idle),
    bindings: {},
  },
  {
    name: 'the example: checked before, one file',
    async make(folder) {
      const written = join(folder, 'configuration.json')
      await promisify(execFile)(process.execPath, [
        '--conditions=@token-handler/source',
        join(root, 'packages/reference-handler/src/cli/main.ts'),
        'worker',
        `--config=${example}/token-handler.json`,
        `--out=${written}`,
      ])
      const { define, main } = await readWranglerFile(example)
      await build({
        ...options,
        entryPoints: [join(example, main)],
        outdir: folder,
        define,
        plugins: [withConfiguration(written)],
      })
      await rm(written)
    },
    bindings: secrets,
  },
  {
    name: '`createWorker()`, one file',
    make: (folder) => build({ ...whole, outdir: folder }),
    bindings: { ...variables, ...secrets },
  },
  {
    name: '`createWorker()`, split',
    make: (folder) => build({ ...whole, outdir: folder, splitting: true }),
    bindings: { ...variables, ...secrets },
  },
]

/** Writes the configuration of workerd for the modules in a folder; the worker itself comes first. */
async function configure(folder: string, bindings: Variant['bindings']): Promise<void> {
  const files = (await readdir(folder)).filter((name) => name.endsWith('.mjs'))
  const modules = files
    .toSorted((a, b) => Number(b === 'worker.mjs') - Number(a === 'worker.mjs'))
    .map((name) => `(name = "${name}", esModule = embed "${name}")`)
  const texts = Object.entries(bindings).map(
    ([name, value]) => `(name = "${name}", text = ${JSON.stringify(value)})`,
  )
  await writeFile(
    join(folder, 'workerd.capnp'),
    `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [(name = "main", worker = .handler)],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "main")],
);
const handler :Workerd.Worker = (
  modules = [${modules.join(', ')}],
  compatibilityDate = "2026-09-01",
  bindings = [${texts.join(', ')}],
);`,
  )
}

/** Starts workerd; resolves with the milliseconds until its first answer. */
async function measure(binary: string, folder: string): Promise<number> {
  const startedAt = performance.now()
  const child = spawn(binary, ['serve', 'workerd.capnp', '--control-fd=3'], {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  })
  const [line] = (await once(child.stdio[3] as Readable, 'data')) as [Buffer]
  const { port } = JSON.parse(String(line).split('\n', 1)[0] ?? '') as { readonly port: number }
  const answer = await fetch(`http://127.0.0.1:${port}/api/orders`)
  await answer.text()
  const milliseconds = performance.now() - startedAt
  // Without its header, a request is refused: 500 would be a worker that is misconfigured.
  if (answer.status !== 200 && answer.status !== 403)
    throw new Error(`It answers ${answer.status}.`)
  child.kill('SIGKILL')
  await once(child, 'exit')
  return milliseconds
}

const median = (values: readonly number[]) =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0

const binary = findBinary('workerd')
if (binary === undefined) throw new Error('npm has brought no workerd for this machine.')
const folders = await Promise.all(variants.map(() => mkdtemp(join(tmpdir(), 'worker-start-'))))
for (const [index, { make, bindings }] of variants.entries()) {
  const folder = folders[index] ?? ''
  await make(folder)
  await configure(folder, bindings)
}
const times = variants.map((): number[] => [])
for (let round = 0; round < ROUNDS; round += 1) {
  for (const [index, folder] of folders.entries()) {
    times[index]?.push(await measure(binary, folder))
  }
}
await Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true })))
const base = median(times[0] ?? [])
console.log(`${ROUNDS} cold starts each, medians; load average ${loadavg()[0]?.toFixed(1)}`)
for (const [index, { name }] of variants.entries()) {
  const own = median(times[index] ?? [])
  console.log(`${name}: ${own.toFixed(0)} ms, ${(own - base).toFixed(0)} ms more`)
}
