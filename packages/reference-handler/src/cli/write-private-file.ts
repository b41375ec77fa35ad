// Writing a file that holds keys.
import { randomUUID } from 'node:crypto'
import { renameSync, rmSync, writeFileSync } from 'node:fs'
import { ConfigurationError } from '../configuration/configuration-error.ts'

/** Only its owner may read and write it. */
const PRIVATE = 0o600

/**
 * Writes a file for nobody but its owner, in place of one that is there, whatever that one's permissions. It is there
 * whole or not at all, whenever a gateway reads it.
 *
 * @throws {ConfigurationError} when it cannot be written
 */
export function writePrivateFile(file: string, text: string): void {
  const temporary = `${file}.${randomUUID()}`
  try {
    writeFileSync(temporary, text, { mode: PRIVATE, flag: 'wx' })
    renameSync(temporary, file)
  } catch {
    rmSync(temporary, { force: true })
    const message = 'cannot be written; correct the path given by --out, or the permissions there'
    throw new ConfigurationError([{ setting: file, message }])
  }
}
