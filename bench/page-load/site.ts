// An app as it is served: bundled, compressed, and beside whatever its own server answers.
import { mkdir, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'
import { show } from './subjects.ts'
import type { Subject } from './subjects.ts'

/** A served app. */
export interface Site {
  readonly url: string
  /** Paths of the document and its scripts: all else is asked for to find out who is signed in. */
  readonly files: ReadonlySet<string>
  /** From now on the document names the scripts that were asked for so far, as bundlers do for what a page needs. */
  readonly preload: () => void
  readonly stop: () => void
}

/** What a path is answered with. */
interface Answer {
  readonly body: Buffer
  readonly headers: Readonly<Record<string, string>>
}

/** Where the packages are: React is the app's, and this SDK is the workspace's, as it is published. */
interface Places {
  readonly project: string
  readonly root: string
  readonly issuer: string
}

const documentOf = ({ head }: Subject, preloads: readonly string[]): string => `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>App</title><link rel="icon" href="data:,">
${head === undefined ? '' : `<script>${head}</script>`}
${preloads.map((path) => `<link rel="modulepreload" href="${path}">`).join('')}
<script type="module" src="/main.js"></script></head><body><div id="root"></div></body></html>`

async function bundle(subject: Subject, { project, root, issuer }: Places) {
  const folder = join(project, subject.name.replaceAll(/\W/g, '-'))
  await mkdir(folder)
  const modules = { 'show.js': show, ...subject.modules(issuer) }
  for (const [name, code] of Object.entries(modules)) await writeFile(join(folder, name), code)
  const { outputFiles } = await build({
    entryPoints: [join(folder, 'main.js')],
    bundle: true,
    minify: true,
    splitting: true,
    format: 'esm',
    target: 'es2022',
    // Some read settings of a server, which a browser has none of.
    define: { 'process.env.NODE_ENV': '"production"', 'process.env': '{}' },
    alias: {
      react: join(project, 'node_modules/react'),
      'react-dom': join(project, 'node_modules/react-dom'),
      '@token-handler/client': join(root, 'packages/client/dist/index.js'),
      '@token-handler/react': join(root, 'packages/react/dist/index.js'),
    },
    outdir: '/',
    write: false,
    logLevel: 'error',
  })
  return new Map(outputFiles.map(({ path, contents }) => [path, contents]))
}

/** Bundles and serves an app on a free port. */
export async function startSite(subject: Subject, places: Places): Promise<Site> {
  const scripts = await bundle(subject, places)
  const needed = new Set<string>()
  const answers = new Map<string, Answer>()
  const answerWith = (path: string, content: string | Uint8Array, type: string, caching: string) =>
    answers.set(path, {
      body: gzipSync(content, { level: 9 }),
      headers: { 'content-type': type, 'content-encoding': 'gzip', 'cache-control': caching },
    })
  const preload = () => answerWith('/', documentOf(subject, [...needed]), 'text/html', 'no-cache')
  preload()
  for (const [path, contents] of scripts) {
    answerWith(path, contents, 'text/javascript', 'max-age=31536000, immutable')
  }
  const files = new Set(answers.keys())
  for (const [path, value] of Object.entries(subject.answers)) {
    answerWith(path, JSON.stringify(value), 'application/json', 'no-store')
  }

  const server = createServer(({ url = '/' }, response) => {
    // An iframe of the app's own comes back to its document.
    const path = url.split('?')[0] ?? '/'
    const answer = answers.get(path)
    if (!answer) return void response.writeHead(404).end()
    if (scripts.has(path) && path !== '/main.js') needed.add(path)
    response.writeHead(200, answer.headers).end(answer.body)
  })
  server.keepAliveTimeout = 60_000
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  return {
    // Browsers know names that end in `.localhost`, and trust them as they trust https.
    url: `http://www.app.localhost:${port}/`,
    files,
    preload,
    stop() {
      server.close().closeAllConnections()
    },
  }
}
