// Every TypeScript block of the documentation compiles against the packages as they are.
import { globSync } from 'node:fs'
import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, test } from 'vitest'
import { readCodeBlocks } from '../src/code-blocks.ts'
import { compile, writeBlocks } from '../src/compile.ts'

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

async function write(document: string, markdown: string): Promise<string> {
  const folder = join(output, document.replaceAll(/[^\w]/g, '-'))
  await writeBlocks(folder, readCodeBlocks(markdown))
  return folder
}

afterAll(() => rm(output, { recursive: true, force: true }))

describe('code blocks', { timeout: 60_000 }, () => {
  for (const document of documents) {
    test(`${document} compiles`, async () => {
      const markdown = await readFile(join(root, document), 'utf8')
      if (readCodeBlocks(markdown).length === 0) return
      expect(await compile(await write(document, markdown))).toBe('')
    })
  }

  test('a block that does not compile is found', async () => {
    const broken = '```ts\nconst five: string = 5\n```\n'
    expect(await compile(await write('broken', broken))).toContain('TS2322')
  })

  test('the README has code blocks at all', async () => {
    const markdown = await readFile(join(root, 'README.md'), 'utf8')
    expect(readCodeBlocks(markdown).length).toBeGreaterThan(4)
  })
})
