// Counts what a production install of each package brings, and fails when it brings what is for tests or laptops.
// Why: decisions/0019.
import { execFile } from 'node:child_process'
import { readdir } from 'node:fs/promises'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** What no production install may bring, but for the package that exists to bring it. */
const forbidden = [
  '@token-handler/conformance',
  '@token-handler/local-stack',
  'koa',
  'msw',
  'oidc-provider',
  'playwright-core',
]
const exempt: Readonly<Record<string, readonly string[]>> = {
  'local-stack': ['koa', 'oidc-provider'],
  'vite-plugin': ['@token-handler/local-stack', 'koa', 'oidc-provider'],
}

interface Dependency {
  readonly from?: string
  readonly version: string
  readonly dependencies?: Readonly<Record<string, Dependency>>
}

/** Names of all packages that an installation brings, each as often as it has versions. */
async function readClosure(name: string): Promise<readonly string[]> {
  const filter = `./packages/${name}`
  const list = ['--filter', filter, 'list', '--prod', '--depth', 'Infinity', '--json']
  const { stdout } = await run('pnpm', list, { maxBuffer: 2 ** 26 })
  const found = new Map<string, string>()
  const collect = (dependencies: Dependency['dependencies'] = {}): void => {
    for (const [alias, dependency] of Object.entries(dependencies)) {
      const real = dependency.from ?? alias
      found.set(`${real}@${dependency.version}`, real)
      collect(dependency.dependencies)
    }
  }
  for (const project of JSON.parse(stdout) as Dependency[]) collect(project.dependencies)
  return [...found.values()]
}

let isSound = true
for (const name of await readdir('packages')) {
  const closure = await readClosure(name)
  console.log(`${name}: ${closure.length} packages in a production install`)
  for (const dependency of forbidden) {
    if (!closure.includes(dependency) || exempt[name]?.includes(dependency)) continue
    isSound = false
    console.error(`${name}: a production install brings ${dependency}`)
  }
}
if (!isSound) process.exitCode = 1
