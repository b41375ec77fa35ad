// A new app from a template: files are copied, names and versions are filled in.
import { cpSync, existsSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The templates; the first is the default. */
export const templates = ['react', 'plain'] as const

/** The name of a template. */
export type Template = (typeof templates)[number]

/** The folder cannot take a new app. */
export class FolderError extends Error {
  override readonly name = 'FolderError'
}

/** This package's own folder: how far up depends on how it was built. */
const root =
  ['..', '../..']
    .map((path) => fileURLToPath(new URL(path, import.meta.url)))
    .find((path) => existsSync(join(path, 'templates'))) ?? '.'

/** npm leaves files with these names out of packages, or reads them, so templates call them otherwise. */
const renamed = { _gitignore: '.gitignore', '_env.example': '.env.example' } as const

/** The version of this package, and so of all packages that are released together. */
function readVersion(): string {
  const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    readonly version: string
  }
  return manifest.version
}

/**
 * Makes a new app.
 *
 * @param folder - absolute; has to be empty, or not there
 * @param template - `react` or `plain`
 * @throws when the folder has files in it
 *
 * @example
 * import { createApp } from 'create-token-handler'
 *
 * createApp('/home/alice/shop', 'react')
 * @see {@link https://docs.npmjs.com/cli/commands/npm-init npm init}
 */
export function createApp(folder: string, template: Template): void {
  if (existsSync(folder) && readdirSync(folder).length > 0) {
    throw new FolderError(`${folder} has files in it. Choose a new folder.`)
  }
  for (const part of ['common', template]) {
    cpSync(join(root, 'templates', part), folder, { recursive: true })
  }
  for (const [from, to] of Object.entries(renamed)) {
    renameSync(join(folder, from), join(folder, to))
  }
  const manifest = join(folder, 'package.json')
  const text = readFileSync(manifest, 'utf8')
    .replaceAll('__NAME__', toPackageName(basename(folder)))
    .replaceAll('__VERSION__', readVersion())
  writeFileSync(manifest, text)
}

/** A name that npm accepts. */
const toPackageName = (name: string): string =>
  name
    .toLowerCase()
    .replaceAll(/[^a-z0-9-]+/g, '-')
    .replaceAll(/^-+|-+$/g, '') || 'app'
