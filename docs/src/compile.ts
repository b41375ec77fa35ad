// Compiles TypeScript taken out of the documentation against the packages as they are.
import { execFile } from 'node:child_process'
import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { CodeBlock } from './code-blocks.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** What `token-handler worker` writes, which no block has beside it. */
const checkedConfiguration = `declare module '*/configuration.json' {
  import type { CheckedConfiguration } from '@token-handler/reference-handler/worker/checked'
  const configuration: CheckedConfiguration
  export default configuration
}
`

/** Writes blocks into a folder of the workspace, where imports resolve to its packages. */
export async function writeBlocks(
  folder: string,
  blocks: readonly Pick<CodeBlock, 'code' | 'fileName'>[],
): Promise<void> {
  for (const block of blocks) {
    const file = join(folder, block.fileName)
    await mkdir(dirname(file), { recursive: true })
    // Without an import or export a block would share its names with all others.
    await writeFile(file, `${block.code}\nexport {}\n`)
  }
  // What Vite's own types say of stylesheets.
  await writeFile(join(folder, 'styles.d.ts'), "declare module '*.css'\n")
  await writeFile(join(folder, 'configuration.d.ts'), checkedConfiguration)
  await writeFile(
    join(folder, 'tsconfig.json'),
    JSON.stringify({ extends: relative(folder, join(root, 'docs/tsconfig.json')), include: ['.'] }),
  )
}

/** Compiles such a folder. Resolves with the compiler's complaints, empty when there are none. */
export async function compile(folder: string): Promise<string> {
  const tsc = join(root, 'node_modules/typescript/bin/tsc')
  try {
    await promisify(execFile)(process.execPath, [tsc, '-p', folder])
    return ''
  } catch (error) {
    return (error as { stdout: string }).stdout
  }
}
