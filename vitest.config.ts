import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { defineConfig } from 'vitest/config'
import type { Plugin, TestProjectInlineConfiguration } from 'vitest/config'
import type { EngineName } from './e2e/src/engines/engine.ts'
import { promises } from './e2e/promises.ts'
import { shorten } from './short-names.js'

const source = '@token-handler/source'
const resolve = { conditions: [source, 'module', 'browser', 'development|production'] }
const ssr = {
  resolve: {
    conditions: [source, 'module', 'node', 'development|production'],
    externalConditions: [source],
  },
}

// Vitest leaves a core free, which of two is half, while most tests wait for something.
const maxWorkers = Math.max(2, availableParallelism() - 1)

/** Real browsers and whole deployments: two files at a time, whatever the machine, when all others are done. */
const inPairs = { maxWorkers: 2, sequence: { groupOrder: 1 } }

/** A project of unit tests in one workspace folder. */
const unit = (name: string, root: string, environment: 'node' | 'jsdom' = 'node') => ({
  resolve,
  ssr,
  test: {
    name,
    root,
    environment,
    include: ['test/**/*.test.{ts,tsx}'],
    maxWorkers,
    // A slow machine is no fault: what hangs fails all the same.
    testTimeout: 20_000,
    expect: { poll: { timeout: 10_000 } },
  },
})

type Unit = ReturnType<typeof unit>

/** Loads the client's entries as its production build has them: a name that is short, and is read by others, shows. */
const asBuilt: Plugin = {
  name: 'as-built',
  enforce: 'pre',
  async load(id) {
    if (!/packages\/client\/src\/(?:index|silent-login|session-watch)\.ts$/.test(id))
      return undefined
    const { outputFiles } = await build({
      entryPoints: [id],
      bundle: true,
      external: ['@token-handler/contract'],
      format: 'esm',
      target: 'es2022',
      define: { __DEVELOPMENT__: 'false' },
      ...shorten('packages/client'),
      sourcemap: 'inline',
      write: false,
    })
    return outputFiles?.[0]?.text
  },
}

/** The client's tests once more, for its production build. */
function clientAsBuilt() {
  const project = unit('client-production', 'packages/client')
  return {
    ...project,
    define: { __DEVELOPMENT__: 'false' },
    plugins: [asBuilt],
    // A cache on disk does not know what else is in a bundle.
    test: { ...project.test, fsModuleCache: false },
  }
}

/** A project without some of its files. */
const without = (project: Unit, ...exclude: readonly string[]) => ({
  ...project,
  test: { ...project.test, exclude: ['**/node_modules/**', ...exclude] },
})

/** A project of these files alone, which start whole deployments. */
const only = (project: Unit, ...include: readonly string[]) => ({
  ...project,
  test: { ...project.test, include: [...include], testTimeout: 60_000, hookTimeout: 120_000 },
})

/** React's tests once more, on the oldest React: what they import comes from a folder that has it. */
function oldestReact() {
  const project = unit('react-18', 'packages/react', 'jsdom')
  const modules = fileURLToPath(
    new URL('packages/react/test/react-18/node_modules/', import.meta.url),
  )
  const find = /^(react|react-dom|@testing-library\/react)(?=\/|$)/
  return {
    ...project,
    resolve: { ...resolve, alias: [{ find, replacement: `${modules}$1` }] },
    // Routers and TanStack Query bring their own React.
    test: { ...project.test, exclude: ['test/integrations/**'], env: { REACT_VERSION: '18.2.0' } },
  }
}

/** Tests with a real redis-server, which is a program that has to be installed. */
function redis() {
  const project = unit('redis', 'packages/reference-handler')
  const include = ['test/redis/**/*.test.ts']
  // Servers are stopped and killed under load, and time limits are measured: one file at a time.
  return { ...project, test: { ...project.test, include, fileParallelism: false } }
}

const withoutRedis = (project: ReturnType<typeof unit>) => ({
  ...project,
  test: { ...project.test, exclude: ['test/redis/**'] },
})

/** A project in the folder of its name, whose tests start browsers, servers and gateways, which take their time. */
const withPrograms = (name: string, more: TestProjectInlineConfiguration['test']) => ({
  resolve,
  ssr,
  test: {
    name,
    root: name,
    environment: 'node' as const,
    include: ['test/**/*.test.ts'],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    expect: { poll: { timeout: 20_000 } },
    ...more,
  },
})

/** The tests in browsers: all of them in Chromium, and those that carry the promises in every engine. */
function browser(name: string, engine: EngineName) {
  const project = withPrograms('e2e', inPairs)
  const include =
    engine === 'Chromium'
      ? project.test.include
      : promises.map((file) => `test/${file.name}.test.ts`)
  const globalSetup = ['src/app-folder.ts']
  return { ...project, test: { ...project.test, name, include, globalSetup, provide: { engine } } }
}

export default defineConfig({
  test: {
    projects: [
      unit('contract', 'packages/contract'),
      unit('client', 'packages/client'),
      clientAsBuilt(),
      unit('react', 'packages/react', 'jsdom'),
      oldestReact(),
      unit('mock-agent', 'packages/mock-agent'),
      unit('conformance', 'packages/conformance'),
      withoutRedis(unit('reference-handler', 'packages/reference-handler')),
      redis(),
      without(unit('local-stack', 'packages/local-stack'), 'test/doctor/**'),
      only(unit('doctor', 'packages/local-stack'), 'test/doctor/**/*.test.ts'),
      only(unit('vite-plugin', 'packages/vite-plugin'), 'test/**/*.test.ts'),
      unit('create-token-handler', 'packages/create-token-handler'),
      {
        resolve,
        ssr,
        test: {
          name: 'getting-started',
          root: 'release',
          // Package managers and dev servers as a reader has them, on a machine of their own.
          fileParallelism: false,
          include: ['test/**/*.test.ts'],
          environment: 'node',
          // Each installs a whole app.
          testTimeout: 300_000,
          hookTimeout: 300_000,
        },
      },
      unit('react-spa', 'examples/react-spa', 'jsdom'),
      only(unit('cluster', 'examples/deployments/cluster'), 'test/**/*.test.ts'),
      unit('docs', 'docs'),
      {
        test: {
          name: 'consumers',
          root: 'consumers',
          maxWorkers,
          include: ['test/**/*.test.ts'],
          environment: 'node',
          // Builds and packs the packages, once.
          globalSetup: 'src/global-setup.ts',
          // Each runs another tool, whose start takes a busy machine long.
          testTimeout: 300_000,
        },
      },
      withPrograms('two-users', inPairs),
      withPrograms('deployments', { ...inPairs, testTimeout: 120_000 }),
      // Each file starts a server in another language; two of them at once only take longer.
      withPrograms('authorization-servers', { fileParallelism: false }),
      withPrograms('gateways', { maxWorkers, include: ['*/test/**/*.test.ts'] }),
      withPrograms('hosts', inPairs),
      browser('e2e', 'Chromium'),
      browser('e2e-firefox', 'Firefox'),
      browser('e2e-webkit', 'WebKit'),
    ],
  },
})
