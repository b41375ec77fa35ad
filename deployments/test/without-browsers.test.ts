// What needs no browser: static files as a CDN serves them, the developer's certificate, and the commands of the guide.
import { spawn } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { request } from 'node:https'
import type { IncomingHttpHeaders } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'
import { designs } from '../designs/index.ts'
import { staticHosting } from '../designs/static-hosting.ts'
import { drawDesign } from '../src/draw.ts'
import { startStage } from '../src/stage.ts'

async function createFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'authority-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  return folder
}

interface Answer {
  readonly status: number | undefined
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

/** Asks with the authority as the only one that is trusted. */
const get = (url: string, ca: string, headers: Record<string, string> = {}): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const { host, hostname, pathname, port } = new URL(url)
    const options = { host: '127.0.0.1', port, path: pathname, servername: hostname, ca }
    request({ ...options, headers: { ...headers, host } }, (answer) => {
      let body = ''
      answer.on('data', (chunk) => (body += String(chunk)))
      answer.on('end', () => resolve({ status: answer.statusCode, headers: answer.headers, body }))
    })
      .on('error', reject)
      .end()
  })

test('static files: the document is asked for each time, assets never again; small, and under a policy', async () => {
  const authorityFolder = await createFolder()
  const stage = await startStage(staticHosting, {
    domain: 'example.com',
    port: 0,
    authorityFolder,
    write: () => {},
  })
  onTestFinished(stage.stop)
  const ca = await readFile(stage.certificate.authorityFile, 'utf8')
  const page = await get(stage.urlOf({ host: 'www', path: '/deep/link' }), ca)
  expect(page.status).toBe(200)
  expect(page.headers['cache-control']).toBe('no-cache')
  const policy = page.headers['content-security-policy'] ?? ''
  expect(policy).toContain("default-src 'none'")
  expect(policy).not.toContain('unsafe')
  expect(policy).toContain(`connect-src ${new URL(stage.urlOf({ host: 'api', path: '' })).origin};`)
  const [, script = ''] = /src="([^"]+)"/.exec(page.body) ?? []
  expect(script).toMatch(/^\/assets\/plain-[A-Z\d]{8}\.js$/)
  const asset = stage.urlOf({ host: 'www', path: script })
  const encoded = await get(asset, ca, { 'accept-encoding': 'gzip, br' })
  expect(encoded.headers).toMatchObject({
    'cache-control': 'public, max-age=31536000, immutable',
    'content-encoding': 'br',
    vary: 'accept-encoding',
  })
  const plain = await get(asset, ca)
  expect(Number(encoded.headers['content-length'])).toBeLessThan(plain.body.length / 2)
  // What the CDN has is the same for everybody: it sets no cookie.
  expect([page, encoded, plain].flatMap(({ headers }) => headers['set-cookie'] ?? [])).toEqual([])
  expect((await get(stage.urlOf({ host: 'www', path: '/missing.js' }), ca)).status).toBe(404)
})

const guide = new URL('../../docs/designs/README.md', import.meta.url)

test('the guide has a command for each design, and one of them is typed here', async () => {
  const text = await readFile(guide, 'utf8')
  const commands = [...text.matchAll(/^npx pnpm@12 --filter deployments start (.*)$/gm)].map(
    ([, parameters = '']) => parameters.split(' '),
  )
  expect(commands.map(([name]) => name)).toEqual(designs.map(({ name }) => name))

  const parameters = commands.find(([name]) => name === 'local-spa') ?? []
  expect(parameters).toContain('--domain')
  const authority = await createFolder()
  const child = spawn(
    process.execPath,
    [
      '--conditions=@token-handler/source',
      'src/cli/start.ts',
      ...parameters,
      ...['--port', '0', '--authority', authority],
    ],
    { cwd: fileURLToPath(new URL('..', import.meta.url)), stdio: ['ignore', 'pipe', 'inherit'] },
  )
  const ended = new Promise((resolve) => child.once('exit', resolve))
  onTestFinished(async () => {
    child.kill('SIGTERM')
    await ended
  })
  let output = ''
  child.stdout.on('data', (chunk) => (output += String(chunk)))
  await expect.poll(() => output, { timeout: 60_000 }).toContain('Hosts')
  // The developer trusts one authority, and adds one line to a file.
  expect(output).toContain(join(authority, 'authority.pem'))
  expect(output).toMatch(/Hosts +127\.0\.0\.1 local\.example\.com api\.example\.com/)
  const url = /Open +(\S+)/.exec(output)?.[1] ?? ''
  expect(url).toMatch(/^https:\/\/local\.example\.com:\d+\/$/)
  const ca = await readFile(join(authority, 'authority.pem'), 'utf8')
  expect((await get(url, ca)).status).toBe(200)
  child.kill('SIGTERM')
  expect(await ended).toBe(0)
})

test.each(designs)('the picture of $name is drawn from the design', async (design) => {
  const file = new URL(`../../docs/designs/${design.name}.svg`, import.meta.url).pathname
  await expect(drawDesign(design)).toMatchFileSnapshot(file)
})

test('the table of costs is that of the designs, which the walks measure', async () => {
  const text = await readFile(guide, 'utf8')
  const rows = designs.map(({ costs, hosts, name, title }) => {
    const tls = hosts.length
    const { callPreflights, firstLoad, firstLoadPreflights, laterLoad } = costs
    return [`[${title}](#${name})`, tls, firstLoad, firstLoadPreflights, laterLoad, callPreflights]
  })
  for (const row of rows) {
    const cells = text
      .split('\n')
      .find((line) => line.startsWith(`| ${String(row[0])} `))
      ?.split('|')
      .slice(1, -1)
      .map((cell) => cell.trim())
    expect(cells).toEqual(row.map(String))
  }
})
