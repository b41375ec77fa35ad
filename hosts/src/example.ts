// The example of a worker, in workerd, as its wrangler.jsonc has it.
import { join } from 'node:path'
import type { RunningHost } from './process.ts'
import { serveWorkerd } from './serve-workerd.ts'
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
  const file = await readWranglerFile(example)
  const variables = { ...file.vars, ...options.variables }
  const configuration = workerdConfiguration({ file, variables, proxyPort, isolates })
  return await serveWorkerd({ entryPoints: [join(example, file.main)] }, configuration, folder)
}
