// Programs of other people that tests need: where systems keep them, and what to do without.
import { accessSync, constants } from 'node:fs'
import { join } from 'node:path'

const folders = ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin']

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

/** Finds a program in the folders where systems keep servers, which are not in every PATH. */
export const findProgram = (name: string): string | undefined =>
  folders.map((folder) => join(folder, name)).find(isExecutable)

/**
 * Whether tests have to be skipped because a program is missing; says so in the output. With
 * REQUIRE_PROGRAMS they run, and fail.
 */
export function isMissing(name: string): boolean {
  if (findProgram(name) !== undefined || process.env['REQUIRE_PROGRAMS']) return false
  process.stdout.write(`skipped: there is no ${name} on this machine\n`)
  return true
}
