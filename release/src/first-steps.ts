// How long the first steps take on each host: from an empty folder to the agent's first answer, with packages from a
// registry on this machine and empty caches, by the commands of the guides.
import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises'
import { loadavg } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { findBinary } from '../../hosts/src/binaries.ts'
import { findFreePort } from '../../packages/reference-handler/test/support/free-port.ts'
import { startDryRun } from './dry-run.ts'
import { runProgram, startProgram } from './run-program.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const example = (path: string) => join(root, 'examples/deployments', path)

const secrets = {
  TOKEN_HANDLER_CLIENT_SECRET: 'secret',
  TOKEN_HANDLER_COOKIE_SECRETS: '0123456789abcdef0123456789abcdef',
}
const variables = {
  ...secrets,
  TOKEN_HANDLER_ISSUER: 'https://login.example.com',
  TOKEN_HANDLER_CLIENT_ID: 'spa',
  TOKEN_HANDLER_REDIRECT_URI: 'https://www.example.com/callback',
  TOKEN_HANDLER_TRUSTED_ORIGINS: 'https://www.example.com',
  TOKEN_HANDLER_ROUTES: '/api=https://orders.example.com',
}

/** The first steps on a host. */
interface FirstSteps {
  readonly host: string
  /** Makes the files that a reader writes or copies. */
  readonly write: (folder: string, port: number) => Promise<unknown>
  /** Commands that end. */
  readonly commands: readonly string[]
  /** The command that serves. */
  readonly serve: (port: number) => string
}

/** A program of a guide: the first block with its title below a heading. */
async function blockOf(guide: string, heading: string, title: string): Promise<string> {
  const text = await readFile(join(root, 'docs', guide), 'utf8')
  const below = text.slice(text.indexOf(`\n## ${heading}\n`))
  const found = new RegExp(`\`\`\`\\w+ title="${title}"\n([^]*?)\`\`\``).exec(below)?.[1]
  if (found === undefined) throw new Error(`${guide} has no ${title} below ${heading}.`)
  return found
}

const writeServer = (heading: string) => async (folder: string, port: number) =>
  writeFile(
    join(folder, 'server.js'),
    (await blockOf('worker.md', heading, 'server.js')).replace('3000', String(port)),
  )

/** What API Gateway would hand over, and the check of what comes back. */
const invoke = `
import { createServer } from 'node:http'
const { handler } = await import('./out/handler.mjs')
createServer(async (request, response) => {
  const event = {
    version: '2.0', rawPath: request.url, rawQueryString: '', headers: request.headers,
    requestContext: { stage: '$default', http: { method: request.method } },
  }
  const answer = await handler(event, { getRemainingTimeInMillis: () => 10_000 })
  response.writeHead(answer.statusCode).end(answer.body)
}).listen(Number(process.argv[2]), '127.0.0.1')`

const hosts: readonly FirstSteps[] = [
  {
    host: '`token-handler serve`',
    write: async () => {},
    commands: ['npm install @token-handler/reference-handler'],
    serve: (port) => `npx token-handler serve --port ${port}`,
  },
  {
    host: 'Cloudflare: `wrangler dev`',
    async write(folder) {
      await mkdir(join(folder, 'src'))
      await mkdir(join(folder, 'public'))
      for (const file of [
        'src/worker.ts',
        'public/index.html',
        'wrangler.jsonc',
        'token-handler.json',
      ]) {
        await copyFile(example(join('worker', file)), join(folder, file))
      }
      const lines = Object.entries(secrets).map(([name, value]) => `${name}=${value}\n`)
      await writeFile(join(folder, '.dev.vars'), lines.join(''))
    },
    commands: ['npm install @token-handler/reference-handler', 'npm install --save-dev wrangler'],
    serve: (port) => `npx wrangler dev --port ${port}`,
  },
  {
    host: 'Deno',
    async write(folder, port) {
      await writeServer('Deno')(folder, port)
      // What was published a minute ago, Deno takes for a risk.
      await writeFile(join(folder, 'deno.json'), '{ "minimumDependencyAge": "0" }')
    },
    commands: [],
    serve: () => 'deno run --allow-net --allow-env server.js',
  },
  {
    host: 'Bun',
    write: writeServer('Bun'),
    commands: ['bun add @token-handler/reference-handler'],
    serve: () => 'bun run server.js',
  },
  {
    host: 'AWS Lambda: bundle, one invocation',
    async write(folder) {
      await copyFile(example('lambda/handler.mjs'), join(folder, 'handler.mjs'))
      await writeFile(join(folder, 'invoke.mjs'), invoke)
    },
    // What `sam build` does by template.yaml.
    commands: [
      'npm init --yes && npm install @token-handler/reference-handler esbuild',
      `npx esbuild handler.mjs --bundle --platform=node --format=esm --out-extension:.js=.mjs --minify --target=node22 --outdir=out --banner:js="import { createRequire } from 'node:module';const require = createRequire(import.meta.url);"`,
    ],
    serve: (port) => `node invoke.mjs ${port}`,
  },
]

/** Waits until the agent tells that nobody is signed in. */
async function answered(port: number): Promise<void> {
  const url = `http://127.0.0.1:${port}/oauth-agent/session`
  const headers = { 'token-handler-version': '1' }
  for (let attempt = 0; attempt < 1200; attempt += 1) {
    const answer = await fetch(url, { headers }).catch(() => undefined)
    if (answer?.status === 200) return
    if (answer !== undefined && answer.status !== 503) {
      throw new Error(`${url} answers ${answer.status}: ${await answer.text()}`)
    }
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  throw new Error(`${url} does not answer.`)
}

const seconds = (from: number, to: number): string => ((to - from) / 1000).toFixed(1)

const { registry, folder, stop } = await startDryRun()
const binaries = (['deno', 'bun'] as const).flatMap((name) => findBinary(name) ?? [])
const path = [process.execPath, ...binaries].map((file) => file.replace(/\/[^/]+$/, ''))
const only = process.argv[2]
try {
  process.stdout.write(`load average ${loadavg()[0]?.toFixed(1)}\n`)
  for (const { host, write, commands, serve } of hosts) {
    if (only !== undefined && !host.toLowerCase().includes(only)) continue
    const own = join(folder, host.replaceAll(/\W+/g, '-'))
    await mkdir(own)
    const port = await findFreePort()
    await write(own, port)
    const environment = {
      ...registry.environment,
      ...variables,
      npm_config_cache: join(own, '.npm'),
      BUN_INSTALL_CACHE_DIR: join(own, '.bun'),
      DENO_DIR: join(own, '.deno'),
      NPM_CONFIG_REGISTRY: registry.url,
      WRANGLER_SEND_METRICS: 'false',
      CI: '1',
      PATH: [...path, process.env['PATH']].join(':'),
    }
    const startedAt = performance.now()
    for (const line of commands) {
      await runProgram('sh', ['-c', line], { folder: own, environment })
    }
    const installedAt = performance.now()
    const server = startProgram('sh', ['-c', serve(port)], { folder: own, environment })
    try {
      await answered(port)
    } finally {
      await server.stop()
    }
    const now = performance.now()
    process.stdout.write(
      `${host}: ${seconds(startedAt, installedAt)} s installed, ${seconds(installedAt, now)} s to the first answer\n`,
    )
  }
} finally {
  await stop()
}
