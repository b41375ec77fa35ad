// The getting-started guide, followed to the letter, from packages on a registry as their users get them.
import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { startDryRun } from '../src/dry-run.ts'
import type { DryRun } from '../src/dry-run.ts'
import { followGuide } from '../src/follow-guide.ts'
import { readGuide } from '../src/read-guide.ts'
import type { PackageManager } from '../src/read-guide.ts'
import { runProgram } from '../src/run-program.ts'
import { loadOrders, reloadUntilGreeted, signIn, usePage } from '../src/sign-in.ts'

const guide = await readFile(
  fileURLToPath(new URL('../../docs/getting-started.md', import.meta.url)),
  'utf8',
)

let dryRun: DryRun
beforeAll(async () => {
  dryRun = await startDryRun()
})
afterAll(async () => await dryRun?.stop())

/** pnpm refuses what was published a minute ago, and has caches of its own. */
const pnpmSettings = (folder: string): Readonly<Record<string, string>> =>
  Object.fromEntries(
    ['npm_config', 'pnpm_config'].flatMap((prefix) => [
      [`${prefix}_minimum_release_age`, '0'],
      [`${prefix}_registry`, dryRun.registry.url],
      [`${prefix}_store_dir`, join(folder, 'pnpm-store')],
      [`${prefix}_cache_dir`, join(folder, 'pnpm-cache')],
    ]),
  )

function environment(manager: PackageManager): Readonly<Record<string, string>> {
  const { registry, folder } = dryRun
  const own = { ...registry.environment, FORCE_COLOR: '0', CI: '1' }
  return manager === 'pnpm' ? { ...own, ...pnpmSettings(folder) } : own
}

async function makeFolder(name: string): Promise<string> {
  const folder = join(dryRun.folder, name)
  await mkdir(folder)
  return folder
}

test('every package is on the registry, in the version of the first release', () => {
  const names = dryRun.published.map(({ name }) => name)
  expect(names).toContain('@token-handler/vite-plugin')
  expect(names).toContain('create-token-handler')
  expect(new Set(dryRun.published.map(({ version }) => version)).size).toBe(1)
})

describe.each<PackageManager>(['npm', 'pnpm'])('with %s', (manager) => {
  test('an empty folder becomes an app in which a user signs in, loads orders and signs out', async () => {
    const started = performance.now()
    const steps = readGuide(guide, manager)
    const followed = await followGuide(steps, await makeFolder(manager), environment(manager))
    onTestFinished(followed.stop)
    await usePage(async (page) => {
      await page.goto(followed.url)
      await signIn(page)
      // What the template shows, to a signed-in user.
      await page.getByRole('button', { name: /count/i }).waitFor()
      const { commands, lines, files } = followed.typed
      const seconds = Math.round((performance.now() - started) / 1000)
      process.stdout.write(
        `${manager}: ${commands} commands, ${lines} lines in ${files} files, ${seconds} s\n`,
      )
      expect(commands).toBeLessThanOrEqual(6)
      expect(lines).toBeLessThanOrEqual(10)

      await followed.goOn()
      // When the change arrives is Vite's business, and a matter of how busy the machine is.
      await reloadUntilGreeted(page, followed.saveAgain)
      await loadOrders(page)
      await page.getByRole('button', { name: 'Sign out' }).click()
      await page.getByText('This ends your session').waitFor()
      await page.getByRole('button', { name: 'Sign out' }).click()
      // A user who has signed out is not sent to the next sign-in at once.
      await page.getByRole('button', { name: 'Sign in' }).click()
      await page.getByLabel('Username').waitFor()
    })
  })
})

describe('npm create token-handler', () => {
  test.each(['react', 'plain'])('makes an app from template %s, which works', async (template) => {
    const steps = [
      { kind: 'command', line: `npm create token-handler@latest shop -- --template ${template}` },
      { kind: 'command', line: 'cd shop' },
      { kind: 'command', line: 'npm install' },
      { kind: 'command', line: 'npm run dev' },
    ] as const
    const parent = await makeFolder(`create-${template}`)
    const followed = await followGuide(steps, parent, environment('npm'))
    onTestFinished(followed.stop)
    await usePage(async (page) => {
      await page.goto(followed.url)
      await page.getByRole('button', { name: 'Sign in' }).click()
      await signIn(page)
      await loadOrders(page)
    })
    const { folder } = followed
    await runProgram('npm', ['run', 'build'], { folder, environment: environment('npm') })
  })
})

test('apps whose tools run on Node 20 render, test and build with the SDK', async () => {
  const folder = await makeFolder('node-20')
  const own = { folder, environment: environment('npm') }
  await writeFile(
    join(folder, 'package.json'),
    JSON.stringify({ type: 'module', scripts: { check: 'node check.js', build: 'vite build' } }),
  )
  await writeFile(
    join(folder, 'index.html'),
    '<!doctype html><script type="module">import "@token-handler/react"</script>',
  )
  await copyFile(new URL('../src/node-20/check.js', import.meta.url), join(folder, 'check.js'))
  const sdk = ['client', 'react', 'mock-agent'].map((name) => `@token-handler/${name}`)
  // The program comes as a package, so scripts run by it whatever else is installed.
  const tools = ['node@20', 'react', 'react-dom', 'vite']
  const installed = await runProgram('npm', ['install', ...sdk, ...tools], own)
  expect(installed).not.toContain('EBADENGINE')
  expect(await runProgram('npm', ['run', 'check'], own)).toContain('checked in Node 20.')
  expect(await runProgram('npm', ['run', 'build'], own)).toContain('built in')
})
