// The example of a worker, in workerd, as its wrangler.jsonc has it.
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { run } from '../../packages/reference-handler/src/cli/run.ts'
import { withConfiguration } from './bundle.ts'
import type { Source } from './bundle.ts'
import type { RunningHost } from './process.ts'
import { serveWorkerd } from './serve-workerd.ts'
import { readWranglerFile, workerdConfiguration } from './wrangler.ts'

const example = join(import.meta.dirname, '../../examples/deployments/worker')

/** How the example is started. */
export interface ExampleOptions {
  readonly folder: string
  /** In place of `token-handler.json`. */
  readonly settings: object
  readonly secrets: Readonly<Record<string, string>>
  readonly proxyPort: number
  readonly isolates: number
}

/** Starts the example: checks its settings as the build command of wrangler.jsonc does, and bundles as wrangler would. */
export async function startExample(options: ExampleOptions): Promise<RunningHost> {
  const { folder, settings } = options
  const written = join(folder, 'configuration.json')
  const config = join(folder, 'token-handler.json')
  await writeFile(config, JSON.stringify(settings))
  const exitCode = await run(['worker', '--config', config, '--out', written], {})
  if (exitCode !== 0) throw new Error('token-handler worker has found mistakes.')
  const { define, main } = await readWranglerFile(example)
  const plugins = [withConfiguration(written)]
  return await startWith({ entryPoints: [join(example, main)], define, plugins }, options)
}

/** Starts another worker in the surroundings of the example. */
export async function startWith(
  source: Source,
  options: Omit<ExampleOptions, 'settings'>,
): Promise<RunningHost> {
  const { folder, isolates, proxyPort, secrets: variables } = options
  const file = await readWranglerFile(example)
  const configuration = workerdConfiguration({ file, variables, proxyPort, isolates })
  return await serveWorkerd(source, configuration, folder)
}
