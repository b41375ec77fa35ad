// Where the runtimes are: npm brings their binaries, one package for each system.
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

/** The runtimes that are not Node. */
export type Runtime = 'workerd' | 'deno' | 'bun'

const { arch, platform } = process

/** By runtime: the package with the binary for this machine, and the binary in it. */
const packages: Readonly<Record<Runtime, readonly [name: string, file: string]>> = {
  workerd: [
    `@cloudflare/workerd-${platform}-${arch === 'x64' ? '64' : arch}`,
    join('bin', 'workerd'),
  ],
  deno: [`@deno/${platform}-${arch}${platform === 'linux' ? '-glibc' : ''}`, 'deno'],
  bun: [`@oven/bun-${platform}-${arch === 'arm64' ? 'aarch64' : arch}`, join('bin', 'bun')],
}

/** Finds the binary of a runtime; there is none where npm has no package for the system. */
export function findBinary(runtime: Runtime): string | undefined {
  const [name, file] = packages[runtime]
  try {
    const own = createRequire(import.meta.url).resolve(`${runtime}/package.json`)
    const path = join(dirname(createRequire(own).resolve(`${name}/package.json`)), file)
    return existsSync(path) ? path : undefined
  } catch {
    return undefined
  }
}

/**
 * Whether tests have to be skipped because a runtime is missing; says so in the output. With REQUIRE_PROGRAMS they run,
 * and fail.
 */
export function isMissing(runtime: Runtime): boolean {
  if (findBinary(runtime) !== undefined || process.env['REQUIRE_PROGRAMS']) return false
  process.stdout.write(`skipped: npm has brought no ${runtime} for this machine\n`)
  return true
}
