// Building the packages, where what was built is older than its sources.
import { glob, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { runProgram } from './run-program.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))

const timeOf = async (path: string): Promise<number> => (await stat(path)).mtimeMs

async function isStale(folder: string): Promise<boolean> {
  const built = await timeOf(join(folder, 'dist/index.js')).catch(() => 0)
  for await (const file of glob(['package.json', 'src/**/*.{ts,tsx}'], { cwd: folder })) {
    if ((await timeOf(join(folder, file))) > built) return true
  }
  return false
}

/** Builds each package whose sources have changed since. */
export async function buildPackages(): Promise<void> {
  const stale: string[] = []
  for await (const manifest of glob('packages/*/package.json', { cwd: root })) {
    const folder = manifest.replace(/[/\\]package\.json$/, '')
    if (await isStale(join(root, folder))) stale.push(folder)
  }
  if (stale.length === 0) return
  const filters = stale.flatMap((folder) => ['--filter', `./${folder}`])
  await runProgram('pnpm', ['-r', ...filters, 'run', 'build'], { folder: root })
}
