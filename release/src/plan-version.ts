// The version of the next release, as the changesets ask for it; without any, the one that stands in the packages.
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { runProgram } from './run-program.ts'

interface Release {
  readonly name: string
  readonly oldVersion: string
  readonly type: 'major' | 'minor' | 'patch' | 'none'
}

/** Whether a package is one of those that are released together. */
export const isOwnPackage = (name: string): boolean =>
  name.startsWith('@token-handler/') || name === 'create-token-handler'

/**
 * Asks the changesets for the next version. All packages have the same, also when no change waits for its release.
 *
 * @param root - of the repository
 * @param current - versions that stand in the packages
 * @throws when they would not have the same
 */
export async function planVersion(root: string, current: readonly string[]): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'token-handler-plan-'))
  try {
    const output = join(folder, 'plan.json')
    const args = ['exec', 'changeset', 'status', '--output', relative(root, output)]
    await runProgram('pnpm', args, { folder: root })
    const plan = JSON.parse(await readFile(output, 'utf8')) as {
      readonly releases: readonly Release[]
    }
    const planned = plan.releases.filter(({ name }) => isOwnPackage(name)).map(bump)
    const versions = new Set(planned.length > 0 ? planned : current)
    const [version] = versions
    if (version === undefined || versions.size > 1) {
      throw new Error(`The packages would have different versions: ${[...versions].join(', ')}.`)
    }
    return version
  } finally {
    await rm(folder, { recursive: true })
  }
}

function bump({ oldVersion, type }: Release): string {
  const [major = 0, minor = 0, patch = 0] = oldVersion.split('.').map(Number)
  if (type === 'major') return `${major + 1}.0.0`
  if (type === 'minor') return `${major}.${minor + 1}.0`
  return type === 'patch' ? `${major}.${minor}.${patch + 1}` : oldVersion
}
