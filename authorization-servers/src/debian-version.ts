// The version of a Debian package that is installed here.
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

/** The upstream version: without epoch, Debian revision, and what Debian says of a repacked source. */
export async function readDebianVersion(packageName: string): Promise<string> {
  const args = ['-W', '-f', '${Version}', packageName]
  const { stdout } = await promisify(execFile)('/usr/bin/dpkg-query', args)
  return stdout
    .replace(/^\d+:/, '')
    .replace(/-[^-]*$/, '')
    .replace(/\+.*$/, '')
}
