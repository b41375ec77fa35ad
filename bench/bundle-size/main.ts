// Weighs this SDK and its peers side by side, and writes docs/bundle-size.md. With --json: a line per subject, in bytes,
// as esbuild makes it.
import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { ownSubjects, peerSubjects } from './subjects.ts'
import type { Subject } from './subjects.ts'
import { weighWithEsbuild, weighWithRolldown } from './weigh.ts'
import type { Weight } from './weigh.ts'

const root = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '')
const kilobytes = (bytes: number) => (bytes / 1000).toFixed(1)

async function installPeers(project: string): Promise<void> {
  const peers = peerSubjects.map(({ packages }) => packages)
  const dependencies = Object.assign({ rolldown: '*', react: '*', 'react-dom': '*' }, ...peers)
  await writeFile(join(project, 'package.json'), JSON.stringify({ type: 'module', dependencies }))
  const flags = ['--ignore-scripts', '--no-audit', '--no-fund', '--legacy-peer-deps']
  await promisify(execFile)('npm', ['install', ...flags], { cwd: project })
}

async function readVersion(project: string, name: string): Promise<string> {
  const manifest = await readFile(join(project, 'node_modules', name, 'package.json'), 'utf8')
  return (JSON.parse(manifest) as { version: string }).version
}

const isJson = process.argv.includes('--json')

async function describe(subject: Subject, project: string): Promise<string> {
  const versions = Object.keys(subject.packages).map((name) => readVersion(project, name))
  const columns = [subject.name, (await Promise.all(versions)).join(', ')]
  const entry = join(project, 'entry.js')
  await writeFile(entry, subject.code)
  const esbuild = await weighWithEsbuild(entry)
  const weights: Weight[] = [esbuild, await weighWithRolldown(entry, project)]
  if (isJson) console.log(JSON.stringify({ subject: subject.name.replaceAll('`', ''), ...esbuild }))
  for (const { minified, gzip, brotli } of weights) {
    columns.push(kilobytes(minified), `**${kilobytes(gzip)}**`, kilobytes(brotli))
  }
  return `| ${columns.join(' | ')} |`
}

const project = await mkdtemp(join(tmpdir(), 'token-handler-bundle-size-'))
try {
  await installPeers(project)
  const rows: string[] = []
  for (const subject of [...ownSubjects(root), ...peerSubjects]) {
    rows.push(await describe(subject, project))
  }
  const rolldown = await readVersion(project, 'rolldown')
  const esbuild = await readVersion(root, 'esbuild')
  const table = `# Bundle size

What a page loads at once, in kB (1000 bytes) of JavaScript, React and parts loaded on demand not counted. This SDK is
weighed whole, its production build, every export of the entry included; each peer in the smallest program that does the same
work: find out who is signed in, sign in, sign out, and call an API as the user with a token kept fresh.
\`pnpm -F bench run bundle-size\` measures and writes this page; \`pnpm check\` fails when this SDK's own
figures exceed their budgets.

|  | Version | esbuild ${esbuild}: minified | gzip | brotli | Rolldown ${rolldown}: minified | gzip | brotli |
| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: |
${rows.join('\n')}

The peers that talk to an authorization server themselves (keycloak-js, oidc-client-ts, @axa-fr/oidc-client,
oidc-spa, auth0-spa-js) carry the OAuth protocol into the browser, and tokens with it; here the agent has
both. next-auth and better-auth keep the session in a cookie of their own server, and do not speak with an
authorization server from the browser either.
`
  await writeFile(join(root, 'docs/bundle-size.md'), table)
  if (!isJson) console.log(table)
} finally {
  await rm(project, { recursive: true, force: true })
}
