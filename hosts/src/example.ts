// The example of a worker, in workerd, as its wrangler.jsonc has it.
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { build } from 'esbuild'
import { findBinary } from './binaries.ts'
import { startProcess } from './process.ts'
import type { RunningHost } from './process.ts'
import { readWranglerFile, workerdConfiguration } from './wrangler.ts'

const example = join(import.meta.dirname, '../../examples/deployments/worker')

/** Starts the example; `variables` take the place of those in wrangler.jsonc, and add the secrets. */
export async function startExample(options: {
  readonly folder: string
  readonly variables: Readonly<Record<string, string>>
  readonly proxyPort: number
  readonly isolates: number
}): Promise<RunningHost> {
  const { folder, proxyPort, isolates } = options
  const command = findBinary('workerd')
  if (command === undefined) throw new Error('npm has brought no workerd for this machine.')
  const file = await readWranglerFile(example)
  const { warnings } = await build({
    entryPoints: [join(example, file.main)],
    nodePaths: [join(import.meta.dirname, '../node_modules')],
    outfile: join(folder, 'worker.mjs'),
    bundle: true,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    conditions: ['@token-handler/source', 'workerd', 'worker'],
    logLevel: 'silent',
  })
  if (warnings.length > 0) throw new Error(warnings.map((warning) => warning.text).join('\n'))
  const variables = { ...file.vars, ...options.variables }
  await writeFile(
    join(folder, 'workerd.capnp'),
    workerdConfiguration({ file, variables, proxyPort, isolates }),
  )
  return await startProcess({
    command,
    args: ['serve', 'workerd.capnp', '--control-fd=3'],
    cwd: folder,
    readPort(line) {
      if (!line.startsWith('{"event"')) return undefined
      const { event, port } = JSON.parse(line) as { readonly event: string; readonly port?: number }
      return event === 'listen' ? port : undefined
    },
  })
}
