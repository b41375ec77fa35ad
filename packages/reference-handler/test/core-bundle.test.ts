// The core entry is for any host: nothing of Node, of Fastify, of undici or of zod's classic build is in a bundle of it.
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { expect, test } from 'vitest'

const hosts = /node_modules\/(?:\.pnpm\/)?(?:fastify|fastify-plugin|pino|undici)[@/]/

test('bundles for a browser-like target without a Node built-in, Fastify, pino, undici or zod’s classic build', async () => {
  const { metafile, warnings } = await build({
    entryPoints: [fileURLToPath(new URL('../src/index.ts', import.meta.url))],
    bundle: true,
    write: false,
    metafile: true,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    conditions: ['@token-handler/source'],
    logLevel: 'silent',
  })
  const inputs = Object.keys(metafile.inputs)
  expect(warnings).toEqual([])
  expect(inputs.length).toBeGreaterThan(50)
  expect(inputs.filter((path) => hosts.test(path) || path.startsWith('node:'))).toEqual([])
  expect(inputs.filter((path) => path.includes('/zod/v4/classic/'))).toEqual([])
})
