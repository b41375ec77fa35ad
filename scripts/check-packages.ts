// Checks the packages as their users get them: packs each one, lints the tarball, installs the
// tarballs into an empty project, imports every entry, and weighs the client's bundle.
import { execFile } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { gzipSync } from 'node:zlib'
import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core'
import { build } from 'esbuild'
import { publint } from 'publint'
import { formatMessage } from 'publint/utils'

const run = promisify(execFile)
const problems: string[] = []

/**
 * Bytes of minified and gzipped JavaScript that a user's bundle may grow by: what it is now and half a
 * percent, to notice growth. What was planned, and why it is more: decisions/0015 and 0038.
 */
const budgets: readonly { readonly name: string; readonly code: string; readonly bytes: number }[] =
  [
    { name: 'client', code: "export * from '@token-handler/client'", bytes: 17_500 },
    {
      name: 'client + react',
      code: "export * from '@token-handler/client'\nexport * from '@token-handler/react'",
      bytes: 20_030,
    },
    {
      name: 'client + ky',
      code: "export * from '@token-handler/client'\nexport * from '@token-handler/client/ky'",
      bytes: 26_060,
    },
  ]

/** Text that shows that something which does not belong into a browser bundle has leaked into it. */
const forbidden = [
  'Too small: expected',
  '~standard":{',
  'oidc-provider',
  'conformance',
  'msw',
  'node:',
  // The other profile, and what has an entry of its own.
  'authorizationRequestUrl',
  'silentLogin',
]

interface Manifest {
  readonly name: string
  readonly exports: Readonly<Record<string, unknown>>
}

async function pack(folder: string, destination: string): Promise<string> {
  const before = new Set(await readdir(destination))
  await run('pnpm', ['pack', '--pack-destination', destination], { cwd: folder })
  const file = (await readdir(destination)).find((name) => !before.has(name))
  if (file === undefined) throw new Error(`pnpm pack made no tarball of ${folder}`)
  return join(destination, file)
}

async function lintTarball(manifest: Manifest, tarball: string): Promise<void> {
  const data = await readFile(tarball)
  const { messages } = await publint({
    strict: true,
    pack: { tarball: new Uint8Array(data).buffer },
  })
  for (const message of messages) {
    problems.push(`${manifest.name}: publint: ${formatMessage(message, manifest) ?? message.code}`)
  }

  const analysis = await checkPackage(createPackageFromTarballData(new Uint8Array(data)))
  const found = analysis.types === false ? [] : analysis.problems
  for (const problem of found) {
    // The packages are ES modules only; `require` and the node10 resolution are not for them.
    if (problem.kind === 'CJSResolvesToESM') continue
    if ('resolutionKind' in problem && problem.resolutionKind === 'node10') continue
    problems.push(`${manifest.name}: types: ${JSON.stringify(problem)}`)
  }
}

async function installAndImport(
  packages: readonly { readonly manifest: Manifest; readonly tarball: string }[],
  project: string,
): Promise<void> {
  const dependencies = Object.fromEntries(
    packages.map(({ manifest, tarball }) => [manifest.name, `file:${tarball}`]),
  )
  const peers = {
    '@testing-library/dom': '*',
    '@testing-library/react': '*',
    ky: '*',
    msw: '*',
    react: '*',
    'react-dom': '*',
    vite: '*',
    vitest: '*',
  }
  await writeFile(
    join(project, 'package.json'),
    JSON.stringify({ type: 'module', dependencies: { ...dependencies, ...peers } }),
  )
  await run('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund'], { cwd: project })
  for (const { manifest } of packages) {
    for (const entry of Object.keys(manifest.exports)) {
      if (entry === './package.json') continue
      const specifier = manifest.name + entry.slice(1)
      const code = `if (Object.keys(await import('${specifier}')).length === 0) throw new Error('exports nothing')`
      try {
        await run(process.execPath, ['--input-type=module', '-e', code], { cwd: project })
      } catch (error) {
        problems.push(`${specifier}: cannot be imported: ${(error as { stderr: string }).stderr}`)
      }
    }
  }
}

/** The handler's command without the optional suite: says what to install, and ends with 2. */
async function runWithoutSuite(project: string): Promise<void> {
  const name = '@token-handler/conformance'
  const command = join(project, 'node_modules/@token-handler/reference-handler/dist/cli/main.js')
  await rm(join(project, 'node_modules', name), { recursive: true })
  try {
    await run(process.execPath, [command, 'conformance', '--help'], { cwd: project })
    problems.push(`token-handler conformance: succeeds without ${name}`)
  } catch (error) {
    const { code, stderr } = error as { readonly code: number; readonly stderr: string }
    if (code !== 2 || !stderr.startsWith(`token-handler conformance needs the package ${name}`)) {
      problems.push(`token-handler conformance: without ${name} ends with ${code}: ${stderr}`)
    }
  }
}

async function weighBundles(project: string): Promise<void> {
  for (const { name, code, bytes } of budgets) {
    const { outputFiles } = await build({
      stdin: { contents: code, resolveDir: project },
      bundle: true,
      minify: true,
      format: 'esm',
      target: 'es2022',
      external: ['react'],
      write: false,
    })
    const output = outputFiles[0]
    if (output === undefined) throw new Error('esbuild wrote nothing')
    const size = gzipSync(output.contents, { level: 9 }).length
    console.log(`${name}: ${size} of ${bytes} bytes, minified and gzipped`)
    if (size > bytes) problems.push(`${name}: ${size} bytes gzipped, the budget is ${bytes}`)
    for (const text of forbidden) {
      if (output.text.includes(text)) problems.push(`${name}: the bundle contains "${text}"`)
    }
  }
}

async function checkDirective(project: string): Promise<void> {
  const entry = await readFile(
    join(project, 'node_modules/@token-handler/react/dist/index.js'),
    'utf8',
  )
  if (!entry.startsWith("'use client'")) {
    problems.push("@token-handler/react: dist/index.js does not begin with 'use client'")
  }
}

const project = await mkdtemp(join(tmpdir(), 'token-handler-packages-'))
const tarballs = await mkdtemp(join(tmpdir(), 'token-handler-tarballs-'))
try {
  const packages = []
  for (const name of await readdir('packages')) {
    const folder = join('packages', name)
    const manifest = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as Manifest
    const tarball = await pack(folder, tarballs)
    await lintTarball(manifest, tarball)
    packages.push({ manifest, tarball })
  }
  await installAndImport(packages, project)
  await weighBundles(project)
  await checkDirective(project)
  await runWithoutSuite(project)
} finally {
  await rm(project, { recursive: true, force: true })
  await rm(tarballs, { recursive: true, force: true })
}

for (const problem of problems) console.error(problem)
if (problems.length > 0) process.exitCode = 1
else console.log('The packages are fit to publish.')
