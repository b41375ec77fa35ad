// Two copies of this package in one page: two bundles, or two versions.
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { expect, it } from 'vitest'
import type * as Sdk from '../src/index.ts'

/** A copy of the package as a bundler makes it, loaded as a module of its own. */
async function loadBundle(name: string): Promise<typeof Sdk> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL('../src/index.ts', import.meta.url))],
    bundle: true,
    format: 'esm',
    conditions: ['@token-handler/source'],
    banner: { js: `/* ${name} */` },
    write: false,
  })
  const code = Buffer.from(outputFiles[0]?.contents ?? '').toString('base64')
  return (await import(`data:text/javascript;base64,${code}`)) as typeof Sdk
}

it('an error of one copy is recognised by the other', async () => {
  const [one, other] = await Promise.all([loadBundle('one'), loadBundle('other')])
  const error = new one.TokenHandlerError('session_expired', 'Sign in again.')
  expect(error).not.toBeInstanceOf(other.TokenHandlerError)
  expect(other.isTokenHandlerError(error)).toBe(true)
  expect(one.isTokenHandlerError(error)).toBe(true)
})
