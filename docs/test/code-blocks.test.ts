// Every TypeScript block of the documentation compiles against the packages as they are.
import { execFile } from 'node:child_process'
import { globSync } from 'node:fs'
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, describe, expect, test } from 'vitest'
import { readCodeBlocks } from '../src/code-blocks.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
// Inside this folder, so that imports resolve to the workspace's packages.
const output = join(root, 'docs/.code-blocks')

const documents = globSync(
  ['*.md', 'docs/**/*.md', 'packages/*/README.md', 'examples/*/README.md'],
  {
    cwd: root,
    exclude: ['**/node_modules/**', 'docs/.code-blocks/**', 'docs/api/reference/**'],
  },
)

async function writeBlocks(document: string, markdown: string): Promise<string> {
  const folder = join(output, document.replaceAll(/[^\w]/g, '-'))
  for (const block of readCodeBlocks(markdown)) {
    const file = join(folder, block.fileName)
    await mkdir(dirname(file), { recursive: true })
    // Without an import or export a block would share its names with all others.
    await writeFile(file, `${block.code}\nexport {}\n`)
  }
  await writeFile(
    join(folder, 'tsconfig.json'),
    JSON.stringify({ extends: relative(folder, join(root, 'docs/tsconfig.json')), include: ['.'] }),
  )
  return folder
}

async function compile(folder: string): Promise<string> {
  const tsc = join(root, 'node_modules/typescript/bin/tsc')
  try {
    await promisify(execFile)(process.execPath, [tsc, '-p', folder])
    return ''
  } catch (error) {
    return (error as { stdout: string }).stdout
  }
}

afterAll(() => rm(output, { recursive: true, force: true }))

describe('code blocks', { timeout: 60_000 }, () => {
  for (const document of documents) {
    test(`${document} compiles`, async () => {
      const markdown = await readFile(join(root, document), 'utf8')
      if (readCodeBlocks(markdown).length === 0) return
      expect(await compile(await writeBlocks(document, markdown))).toBe('')
    })
  }

  test('a block that does not compile is found', async () => {
    const broken = '```ts\nconst five: string = 5\n```\n'
    expect(await compile(await writeBlocks('broken', broken))).toContain('TS2322')
  })

  test('the README has code blocks at all', async () => {
    const markdown = await readFile(join(root, 'README.md'), 'utf8')
    expect(readCodeBlocks(markdown).length).toBeGreaterThan(4)
  })
})
