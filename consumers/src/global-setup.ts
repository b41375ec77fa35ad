// Builds the packages, packs them, and unpacks the tarballs as an installation does: once, before the tests.
import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, readFile, readdir, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { TestProject } from 'vitest/node'

declare module 'vitest' {
  interface ProvidedContext {
    /** A folder whose `node_modules` has the packed packages, and the tools of consumers. */
    readonly installation: string
  }
}

const run = promisify(execFile)
const here = fileURLToPath(new URL('..', import.meta.url))
const root = join(here, '..')
const packages = ['contract', 'client', 'react', 'mock-agent']

interface Manifest {
  readonly devDependencies: Readonly<Record<string, string>>
}

/** pnpm, as whatever runs the tests has it, else as npm gets it. */
async function pnpm(cwd: string, ...parameters: readonly string[]): Promise<void> {
  const { npm_execpath: program = '' } = process.env
  if (/pnpm\.[cm]?js$/.test(program)) {
    await run(process.execPath, [program, ...parameters], { cwd })
    return
  }
  await run('pnpm', parameters, { cwd }).catch(async (error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error
    await run('npx', ['--yes', 'pnpm@12', ...parameters], { cwd })
  })
}

async function pack(folder: string): Promise<void> {
  const filters = packages.flatMap((name) => ['--filter', `@token-handler/${name}`])
  await pnpm(root, '--recursive', ...filters, 'run', 'build')
  for (const name of packages) {
    await pnpm(join(root, 'packages', name), 'pack', '--pack-destination', folder)
  }
}

/** The packages as files of their own; everything else is what this workspace has installed. */
async function install(tarballs: string, installation: string): Promise<void> {
  const modules = join(installation, 'node_modules')
  for (const tarball of await readdir(tarballs)) {
    const name = tarball.replace(/^token-handler-(.*)-\d+\.\d+\.\d+.*\.tgz$/, '$1')
    const folder = join(modules, '@token-handler', name)
    await mkdir(folder, { recursive: true })
    await run('tar', ['-xzf', join(tarballs, tarball), '-C', folder, '--strip-components=1'])
  }
  const manifest = JSON.parse(await readFile(join(here, 'package.json'), 'utf8')) as Manifest
  for (const name of Object.keys(manifest.devDependencies)) {
    if (name.startsWith('@token-handler/')) continue
    const link = join(modules, name)
    await mkdir(dirname(link), { recursive: true })
    await symlink(join(here, 'node_modules', name), link, 'junction')
  }
}

/** Vitest calls it before the first test of the project, and what it returns after the last. */
export async function setup({ provide }: TestProject): Promise<() => Promise<void>> {
  const installation = await mkdtemp(join(tmpdir(), 'token-handler-consumers-'))
  const tarballs = await mkdtemp(join(tmpdir(), 'token-handler-tarballs-'))
  await pack(tarballs)
  await install(tarballs, installation)
  await rm(tarballs, { recursive: true })
  provide('installation', installation)
  return () => rm(installation, { recursive: true, force: true })
}
