// The version of an npm package of this workspace folder.
import { readFileSync } from 'node:fs'
import * as z from 'zod'

const manifest = z.object({ version: z.string() })

/** Reads the version from the package's folder, because packages need not export their `package.json`. */
export function readVersion(packageName: string): string {
  const file = new URL(`../node_modules/${packageName}/package.json`, import.meta.url)
  return manifest.parse(JSON.parse(readFileSync(file, 'utf8'))).version
}
