// workerd as a process, which serves what is in a folder.
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { findBinary } from './binaries.ts'
import { bundle } from './bundle.ts'
import type { Source } from './bundle.ts'
import { startProcess } from './process.ts'
import type { RunningHost } from './process.ts'

/**
 * Bundles a worker as `worker.mjs`, and serves it.
 *
 * @param configuration - of workerd, in Cap'n Proto
 */
export async function serveWorkerd(
  source: Source,
  configuration: string,
  folder: string,
): Promise<RunningHost> {
  const command = findBinary('workerd')
  if (command === undefined) throw new Error('npm has brought no workerd for this machine.')
  await bundle(source, join(folder, 'worker.mjs'))
  await writeFile(join(folder, 'workerd.capnp'), configuration)
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
