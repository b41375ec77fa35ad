// Whether a server's packages are on this machine. A missing one is a printed skip, or a failure where
// REQUIRE_PROGRAMS is set.
import { existsSync } from 'node:fs'

/** What has to be on the machine: a file, and the Debian packages that bring it. */
export interface Requirement {
  readonly files: readonly string[]
  readonly packages: readonly string[]
}

/** Why a server cannot run here, or undefined when it can. */
export function findObstacle({ files, packages }: Requirement): string | undefined {
  const missing = files.find((file) => !existsSync(file))
  return missing === undefined
    ? undefined
    : `${missing} is missing; install it with: apt-get install ${packages.join(' ')}`
}

/** Whether a missing program fails the tests. */
export const areProgramsRequired = (): boolean => (process.env['REQUIRE_PROGRAMS'] ?? '') !== ''
