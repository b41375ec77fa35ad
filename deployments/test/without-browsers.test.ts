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

/** The parameters of the guide's commands. */
async function readCommands(): Promise<readonly (readonly string[])[]> {
  const text = await readFile(guide, 'utf8')
  return [...text.matchAll(/^npx pnpm@12 --filter deployments start (.*)$/gm)].map(
    ([, parameters = '']) => parameters.split(' '),
  )
}

test('the guide has a command for each design', async () => {
  const commands = await readCommands()
  expect(commands.map(([name]) => name)).toEqual(designs.map(({ name }) => name))
})

/** Types a command; the port and the authority are the test's, so that it can run beside others. */
async function type(parameters: readonly string[]) {
  const authority = await createFolder()
  const fixed = ['--port', '0', '--authority', authority]
  const child = spawn(
    process.execPath,
    ['--conditions=@token-handler/source', 'src/cli/start.ts', ...parameters, ...fixed],
    { cwd: fileURLToPath(new URL('..', import.meta.url)), stdio: ['ignore', 'pipe', 'pipe'] },
  )
  const ended = new Promise((resolve) => child.once('exit', resolve))
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => (output += String(chunk)))
  }
  onTestFinished(async () => {
    child.kill('SIGTERM')
    await ended
  })
  return { authority, ended, end: () => child.kill('SIGTERM'), read: () => output }
}

test.each(designs)('the command of $name starts it, and Ctrl-C ends it', async ({ name }) => {
  const parameters = (await readCommands()).find(([first]) => first === name) ?? []
  const { authority, end, ended, read } = await type(parameters)
  await expect.poll(read, { timeout: 60_000 }).toContain('Trust')
  const url = /Open +(\S+)/.exec(read())?.[1] ?? ''
  // The developer trusts one authority, and nothing else is needed to believe the certificate.
  expect(read()).toContain(join(authority, 'authority.pem'))
  const ca = await readFile(join(authority, 'authority.pem'), 'utf8')
  expect((await get(url, ca)).status).toBe(200)
  if (parameters.includes('--domain')) {
    expect(url).toMatch(/^https:\/\/local\.example\.com:\d+\/$/)
    await expect.poll(read).toMatch(/Hosts +127\.0\.0\.1 local\.example\.com api\.example\.com\n/)
  } else expect(url).toMatch(/^https:\/\/[a-z]+\.app\.localhost:\d+\//)
  end()
  expect(await ended).toBe(0)
})

test('a name that is no design’s is answered with those that are', async () => {
  const { ended, read } = await type(['something-else'])
  expect(await ended).toBe(1)
  expect(read()).toContain('There is no design "something-else"')
  for (const { name } of designs) expect(read()).toContain(name)
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
