// @vitest-environment node
// The production bundle has nothing of the tests in it.
import { fileURLToPath } from 'node:url'
import { build } from 'vite'
import type { InlineConfig, Rollup } from 'vite'
import { beforeAll, expect, test, vi } from 'vitest'

const root = fileURLToPath(new URL('..', import.meta.url))

/** Text of the mock, of msw and of the conformance suite. */
const traces = ['mock-state-', 'mock-client', 'Who signs in?', 'mockServiceWorker', 'conformance']

/** All that a production build of an entry consists of. */
async function bundle(input: string): Promise<string> {
  const config: InlineConfig = {
    root,
    logLevel: 'error',
    build: {
      write: false,
      rollupOptions: { input: root + input, preserveEntrySignatures: 'strict' },
    },
  }
  const result = (await build(config)) as Rollup.RollupOutput
  return result.output.map((file) => ('code' in file ? file.code : String(file.source))).join('\n')
}

const tracesIn = (text: string): string[] => traces.filter((trace) => text.includes(trace))

beforeAll(() => {
  vi.stubEnv('NODE_ENV', 'production')
  return () => vi.unstubAllEnvs()
})

test('nothing of the mock agent reaches the production bundle', { timeout: 60_000 }, async () => {
  const text = await bundle('index.html')
  expect(text).toContain('Coffee for long winters')
  expect(tracesIn(text)).toEqual([])
})

test('a bundle with the mock in it would be noticed', { timeout: 60_000 }, async () => {
  expect(tracesIn(await bundle('test/shop.ts')).length).toBeGreaterThan(0)
})
