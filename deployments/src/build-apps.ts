// Builds the apps: files whose names have the hash of their content, and a renderer for the server.
import { mkdir, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { build } from 'esbuild'
import type { BuildOptions } from 'esbuild'
import { escapeHtml } from './app-settings.ts'
import type { AppSettings } from './app-settings.ts'

const apps = fileURLToPath(new URL('../apps/', import.meta.url))

export type AppSource = 'react' | 'plain' | 'hybrid-browser' | 'gate'

const files: Readonly<Record<AppSource, string>> = {
  react: 'react.tsx',
  plain: 'plain.ts',
  'hybrid-browser': 'hybrid-browser.tsx',
  gate: 'gate.ts',
}

const common = {
  bundle: true,
  minify: true,
  jsx: 'automatic',
  conditions: ['@token-handler/source'],
  define: { 'process.env.NODE_ENV': '"production"', __DEVELOPMENT__: 'false' },
  logLevel: 'warning',
} satisfies BuildOptions

/** Builds an app into `assets/` of a folder. Resolves with the tags that load it, below a path. */
export async function buildApp(
  source: AppSource,
  folder: string,
): Promise<(basePath: string) => string> {
  await build({
    ...common,
    entryPoints: [join(apps, files[source]), join(apps, 'style.css')],
    outdir: join(folder, 'assets'),
    entryNames: '[name]-[hash]',
    format: 'esm',
    target: 'es2022',
  })
  const built = await readdir(join(folder, 'assets'))
  const script = built.find((name) => name.endsWith('.js')) ?? ''
  const style = built.find((name) => name.endsWith('.css')) ?? ''
  return (basePath) =>
    `<link rel="stylesheet" href="${basePath}assets/${style}">` +
    `<script type="module" src="${basePath}assets/${script}"></script>`
}

/** A document. */
export const renderDocument = (settings: AppSettings, head: string, body = ''): string =>
  `<!doctype html><html lang="en" data-settings="${escapeHtml(JSON.stringify(settings))}">` +
  `<head><meta charset="utf-8"><meta name="viewport" content="width=device-width">` +
  `<link rel="icon" href="data:,"><title>${escapeHtml(settings.name)}</title>${head}</head>` +
  `<body>${body}</body></html>`

/** Builds an app with its document, as a folder of static files. */
export async function buildStaticApp(
  source: AppSource,
  settings: AppSettings,
  folder: string,
): Promise<void> {
  await mkdir(folder, { recursive: true })
  const tags = await buildApp(source, folder)
  await writeFile(join(folder, 'index.html'), renderDocument(settings, tags(settings.basePath)))
}

/** Builds what renders the hybrid page on a server, and loads it. */
export async function loadRenderer(folder: string): Promise<(session: object) => string> {
  const outfile = join(folder, 'hybrid-server.cjs')
  await build({
    ...common,
    entryPoints: [join(apps, 'hybrid-server.tsx')],
    outfile,
    format: 'cjs',
    platform: 'node',
  })
  const { default: built } = (await import(pathToFileURL(outfile).href)) as {
    readonly default: { readonly render: (session: object) => string }
  }
  return built.render
}
