// Reads the source files of all packages.
import { glob, readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** A source file; its path is relative to the repository's root, with slashes. */
export interface SourceFile {
  readonly path: string
  readonly text: string
}

/** The TypeScript sources of all packages, without tests. */
export async function readSources(): Promise<readonly SourceFile[]> {
  const files: SourceFile[] = []
  for await (const found of glob('packages/*/src/**/*.{ts,tsx}', { cwd: root })) {
    const path = found.replaceAll('\\', '/')
    files.push({ path, text: await readFile(root + path, 'utf8') })
  }
  return files
}
