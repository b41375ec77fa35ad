// How long a cold worker takes: from starting workerd to its first answer, beside a worker that does nothing.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { build } from 'esbuild'
import { findBinary } from '../../hosts/src/binaries.ts'
import { readWranglerFile } from '../../hosts/src/wrangler.ts'

const ROUNDS = 15

const example = join(import.meta.dirname, '../../examples/deployments/worker')

const idle = "export default { fetch: () => new Response('idle') }"

/** Starts workerd with a module; resolves with the milliseconds until its first answer. */
async function measure(binary: string, folder: string, bindings: string): Promise<number> {
  await writeFile(
    join(folder, 'workerd.capnp'),
    `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [(name = "main", worker = .handler)],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "main")],
);
const handler :Workerd.Worker = (
  modules = [(name = "worker.mjs", esModule = embed "worker.mjs")],
  compatibilityDate = "2026-09-01",
  bindings = [${bindings}],
);`,
  )
  const startedAt = performance.now()
  const child = spawn(binary, ['serve', 'workerd.capnp', '--control-fd=3'], {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  })
  const [line] = (await once(child.stdio[3] as Readable, 'data')) as [Buffer]
  const { port } = JSON.parse(String(line).split('\n', 1)[0] ?? '') as { readonly port: number }
  await (await fetch(`http://127.0.0.1:${port}/oauth-agent/session`)).text()
  const milliseconds = performance.now() - startedAt
  child.kill('SIGKILL')
  await once(child, 'exit')
  return milliseconds
}

const median = (values: readonly number[]) =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0

const binary = findBinary('workerd')
if (binary === undefined) throw new Error('npm has brought no workerd for this machine.')
const folders = await Promise.all(
  ['idle', 'worker'].map((name) => mkdtemp(join(tmpdir(), `start-${name}-`))),
)
const [idleFolder = '', workerFolder = ''] = folders
await writeFile(join(idleFolder, 'worker.mjs'), idle)
const file = await readWranglerFile(example)
await build({
  entryPoints: [join(example, file.main)],
  nodePaths: [join(import.meta.dirname, '../../hosts/node_modules')],
  outfile: join(workerFolder, 'worker.mjs'),
  bundle: true,
  minify: true,
  format: 'esm',
  target: 'es2022',
  conditions: ['@token-handler/source', 'workerd', 'worker'],
})
const secrets = {
  TOKEN_HANDLER_CLIENT_SECRET: 'secret',
  TOKEN_HANDLER_COOKIE_SECRETS: '0123456789abcdef0123456789abcdef',
}
const bindings = Object.entries({ ...file.vars, ...secrets })
  .map(([name, value]) => `(name = "${name}", text = ${JSON.stringify(value)})`)
  .join(', ')

const idleTimes: number[] = []
const workerTimes: number[] = []
for (let round = 0; round < ROUNDS; round += 1) {
  idleTimes.push(await measure(binary, idleFolder, ''))
  workerTimes.push(await measure(binary, workerFolder, bindings))
}
await Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true })))
const [base, own] = [median(idleTimes), median(workerTimes)]
console.log(
  `${ROUNDS} cold starts each, medians: a worker that does nothing ${base.toFixed(0)} ms,`,
)
console.log(
  `agent and proxy ${own.toFixed(0)} ms: ${(own / base).toFixed(2)} of it, ${(own - base).toFixed(0)} ms more`,
)
