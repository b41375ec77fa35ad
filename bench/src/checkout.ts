// Another commit of this repository, ready to run, in a temporary folder.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** A commit in a folder of its own. */
export interface Checkout {
  readonly folder: string
  /** The first characters of its hash. */
  readonly hash: string
  readonly remove: () => void
}

const repository = fileURLToPath(new URL('../..', import.meta.url))

const git = (...args: readonly string[]) =>
  execFileSync('git', ['-C', repository, ...args], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  }).trim()

/** Finds the hash of whatever names a commit; `undefined` of what names none. */
export function findCommit(name: string): string | undefined {
  try {
    return git('rev-parse', '--verify', '--quiet', '--end-of-options', `${name}^{commit}`)
  } catch {
    return undefined
  }
}

/**
 * Unpacks a commit and installs what its bench needs, from pnpm's store where that has it all. Its sources run as they
 * are, as ours do.
 */
export function checkOut(commit: string): Checkout {
  const folder = mkdtempSync(join(tmpdir(), 'token-handler-commit-'))
  const remove = () => rmSync(folder, { recursive: true })
  try {
    const archive = join(folder, 'archive.tar')
    git('archive', '--format=tar', '-o', archive, commit)
    execFileSync('tar', ['-xf', archive, '-C', folder])
    rmSync(archive)
    install(folder)
  } catch (error) {
    remove()
    throw error
  }
  return { folder, hash: commit.slice(0, 7), remove }
}

function install(cwd: string): void {
  const args = ['--yes', 'pnpm@12', '--filter', 'bench...', 'install', '--frozen-lockfile']
  const run = (...more: readonly string[]) =>
    execFileSync('npx', [...args, '--ignore-scripts', ...more], { cwd, stdio: 'ignore' })
  try {
    run('--offline')
  } catch {
    run()
  }
}
