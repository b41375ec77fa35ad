// What the devtools cost in production: nothing.
// @vitest-environment node
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { expect, test } from 'vitest'

async function bundle(code: string, mode: 'development' | 'production'): Promise<string> {
  const { outputFiles } = await build({
    stdin: { contents: code, resolveDir: fileURLToPath(new URL('.', import.meta.url)) },
    bundle: true,
    splitting: true,
    minify: true,
    format: 'esm',
    outdir: 'out',
    write: false,
    conditions: ['@token-handler/source'],
    external: ['react', 'react-dom', 'react/jsx-runtime'],
    define: { 'process.env.NODE_ENV': JSON.stringify(mode) },
  })
  return outputFiles.map(({ text }) => text).join('\n')
}

const imported = `import { recordTrace, TokenHandlerDevtools } from '@token-handler/react/devtools'`
const guarded = `${imported}
  if (process.env.NODE_ENV === 'development') console.log(recordTrace, TokenHandlerDevtools)
  console.log('the app')`
const unguarded = `${imported}
  console.log(recordTrace, TokenHandlerDevtools)
  console.log('the app')`
const without = `console.log('the app')`

test('an app that asks for them in development only has the same bytes as one without', async () => {
  expect(await bundle(guarded, 'production')).toBe(await bundle(without, 'production'))
})

test('an app that always asks for them gets a component that renders nothing', async () => {
  const cost = (await bundle(unguarded, 'production')).length
  expect(cost - (await bundle(without, 'production')).length).toBeLessThan(60)
})

test('in development they are there, the panel in a file of its own', async () => {
  const code = await bundle(guarded, 'development')
  expect(code).toContain('Session devtools')
  expect(code).toMatch(/import\("\.\/panel-\w+\.js"\)/)
})
