// The tests in the documentation run, as a reader would run them: from the blocks of one document alone.
import { execFile } from 'node:child_process'
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, expect, test } from 'vitest'
import { readCodeBlocks } from '../src/code-blocks.ts'

const docs = fileURLToPath(new URL('..', import.meta.url))
// Inside this folder, so that imports resolve to the workspace's packages.
const output = join(docs, '.testing-guide')
const vitest = join(
  dirname(createRequire(import.meta.url).resolve('vitest/package.json')),
  'vitest.mjs',
)

afterAll(() => rm(output, { recursive: true, force: true }))

interface Report {
  readonly numPassedTests: number
  readonly numTotalTests: number
}

/** Writes the blocks that have a name into a folder of their own, and runs the tests among them. */
async function runTests(name: string, markdown: string): Promise<Report> {
  const folder = join(output, name)
  await mkdir(folder, { recursive: true })
  for (const { fileName, code } of readCodeBlocks(markdown)) {
    await writeFile(join(folder, fileName), code)
  }
  const file = join(folder, 'report.json')
  const config = join(docs, 'blocks.config.ts')
  const options = ['--root', folder, '--config', config, '--reporter=json', '--outputFile', file]
  // Nothing of this run's own settings, but where programs are.
  const env = { PATH: process.env['PATH'] }
  await promisify(execFile)(process.execPath, [vitest, 'run', ...options], { env }).catch(
    (error: unknown) => {
      if (!(error instanceof Error && 'code' in error && error.code === 1)) throw error
    },
  )
  return JSON.parse(await readFile(file, 'utf8')) as Report
}

test.each([
  ['README.md', 1],
  ['docs/testing.md', 14],
])('the tests in %s pass', { timeout: 120_000 }, async (document, count) => {
  const markdown = await readFile(join(docs, '..', document), 'utf8')
  const report = await runTests(document.replaceAll(/[^\w]/g, '-'), markdown)
  expect(report).toMatchObject({ numPassedTests: count, numTotalTests: count })
})

test('a test that fails is found', { timeout: 60_000 }, async () => {
  const failing =
    "```ts title=\"five.test.ts\"\nimport { expect, test } from 'vitest'\ntest('five', () => expect(5).toBe(6))\n```\n"
  expect(await runTests('failing', failing)).toMatchObject({ numPassedTests: 0, numTotalTests: 1 })
})

test('the set-up in the README has ten lines at most', async () => {
  const readme = await readFile(join(docs, '..', 'README.md'), 'utf8')
  const setUp = readCodeBlocks(readme).find(({ fileName }) => fileName === 'mock-agent.ts')
  const lines = setUp?.code.split('\n').filter((line) => line.trim() !== '') ?? []
  expect(lines.length).toBeGreaterThan(0)
  expect(lines.length).toBeLessThanOrEqual(10)
})
