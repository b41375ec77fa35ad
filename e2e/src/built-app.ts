// The example app, built once for all files of a project: a build takes longer than most tests.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { buildSpa, serveSpa, startSpa } from 'react-spa/serve'
import type { Spa, SpaOptions } from 'react-spa/serve'
import { inject } from 'vitest'

/** The servers that stand in the build, to be replaced by those of a test. */
const placeholders = {
  agentUrl: 'https://agent.placeholder.invalid/oauth-agent',
  apiUrl: 'https://api.placeholder.invalid/api/',
}

/** Serves a production build of the app, for these servers. */
export async function startBuiltApp(
  options: Omit<SpaOptions, 'mode' | 'controlUrl'>,
): Promise<Spa> {
  const folder = inject('appFolder')
  if (folder === undefined) return await startSpa({ ...options, mode: 'preview' })
  if (!existsSync(join(folder, 'index.html'))) await buildSpa(placeholders, folder)
  return await serveSpa(folder, options, placeholders)
}
