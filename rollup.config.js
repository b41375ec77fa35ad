// Builds the JavaScript of the package it runs in: one input per entry of its `exports` (and `bin`). A package whose
// entries have the condition `development` is built twice: decisions/0034.
import { readFileSync } from 'node:fs'
import { defineConfig } from 'rollup'
import esbuild from 'rollup-plugin-esbuild'
import { shorten } from './short-names.js'

const manifest = JSON.parse(readFileSync('package.json', 'utf8'))
const own = Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies })
const isExternal = (id) =>
  id.startsWith('node:') || own.some((name) => id === name || id.startsWith(`${name}/`))

const entries = Object.values(manifest.exports)
  .filter((target) => typeof target === 'object')
  .map((target) => [
    target.default.slice('./dist/'.length, -'.js'.length),
    target['@token-handler/source'],
  ])
const bins = Object.values(manifest.bin ?? {}).map((file) => {
  const name = file.slice('./dist/'.length, -'.js'.length)
  return [name, `./src/${name}.ts`]
})

// React's bundlers read the directive from the first line of the file, and Rollup drops it.
const banner = (chunk) =>
  manifest.name === '@token-handler/react' && chunk.isEntry ? "'use client'" : ''

/** @param isDevelopment - takes the place of `__DEVELOPMENT__` */
const build = (dir, isDevelopment) => ({
  input: Object.fromEntries([...entries, ...bins]),
  external: isExternal,
  plugins: [
    esbuild({
      target: 'es2022',
      jsx: 'automatic',
      tsconfig: false,
      sourceMap: true,
      define: { __DEVELOPMENT__: String(isDevelopment) },
      ...(!isDevelopment && shorten('.')),
    }),
  ],
  output: {
    dir,
    format: 'es',
    sourcemap: true,
    banner,
    chunkFileNames: 'chunks/[name].js',
    // A bundler warns of imports for their side effects from packages that say that they have none.
    hoistTransitiveImports: false,
    // In a file of its own it runs before the imports of those that import it first.
    manualChunks: (id) => (id.endsWith('/check-runtime.ts') ? 'check-runtime' : undefined),
  },
  onwarn(warning, warn) {
    // An import that no dependency declares works in this workspace, and fails where it is installed.
    if (warning.code === 'UNRESOLVED_IMPORT') throw new Error(warning.message)
    if (warning.code !== 'MODULE_LEVEL_DIRECTIVE') warn(warning)
  },
})

const hasTwoBuilds = Object.values(manifest.exports).some((target) => target.development)
const builds = [build('dist', false)]
if (hasTwoBuilds) builds.push(build('dist/development', true))

export default defineConfig(builds)
