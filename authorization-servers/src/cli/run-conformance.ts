// Runs `token-handler conformance` against the handler before real authorization servers:
// npx pnpm@12 --filter authorization-servers run conformance [glewlwyd …]
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { findObstacle } from '../installed.ts'
import { createLab, createSpaUrls } from '../lab.ts'
import { listen } from '../listen.ts'
import type { ServerKind } from '../server-kind.ts'
import { servers } from '../servers.ts'

const command = fileURLToPath(
  new URL('../../../packages/reference-handler/src/cli/main.ts', import.meta.url),
)

/** Prints the callback URL of an authorization URL, which the process of this script finds out. */
const callbackScript = `fetch(process.argv[1], { method: 'POST', body: process.env.AUTHORIZATION_URL })
  .then(async (response) => console.log(await response.text()))`

/** Of one site with the agent, and cross origin: then the cases about cookies and CORS have something to see. */
const spa = createSpaUrls('http://localhost')

const wanted = process.argv.slice(2)

for (const kind of servers) {
  if (wanted.length > 0 && !wanted.includes(kind.id)) continue
  const obstacle = kind.requirement && findObstacle(kind.requirement)
  console.log(`\n${kind.name} ${kind.version}`)
  if (obstacle === undefined) await runAgainst(kind)
  else console.log(`skipped: ${obstacle}`)
}

async function runAgainst(kind: ServerKind): Promise<void> {
  const server = await kind.start(spa)
  const lab = await createLab(server, kind.traits, spa)
  const handler = await lab.startHandler()
  const user = await listen(() => (request, response) => {
    const signIn = async (): Promise<string> => {
      let authorizationUrl = ''
      for await (const chunk of request) authorizationUrl += String(chunk)
      return await server.signIn(lab.openBrowser(), authorizationUrl)
    }
    signIn().then(
      (url) => response.end(url),
      (error: unknown) => response.writeHead(500).end(String(error)),
    )
  })
  try {
    const url = handler.url.replace('127.0.0.1', 'localhost')
    const child = spawn(
      process.execPath,
      [
        '--conditions=@token-handler/source',
        command,
        'conformance',
        `${url}/oauth-agent`,
        '--yes',
        `--origin=${spa.origin}`,
        `--api=${url}/api/me`,
        '--format=tap',
        `--callback-command='${process.execPath}' -e "$CALLBACK_SCRIPT" ${user.url}`,
      ],
      {
        stdio: ['ignore', 'pipe', 'inherit'],
        env: { ...process.env, CALLBACK_SCRIPT: callbackScript },
      },
    )
    let output = ''
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()))
    await once(child, 'exit')
    summarize(output)
  } finally {
    await user.stop()
    await lab.endStep()
    await lab.stop()
  }
}

/** Counts the lines of the Test Anything Protocol, and repeats those of cases that failed. */
function summarize(output: string): void {
  const results = output.split('\n').filter((line) => /^(not )?ok /.test(line))
  const failed = results.filter((line) => line.startsWith('not ok'))
  const skipped = results.filter((line) => / # SKIP/i.test(line))
  const passed = results.length - failed.length - skipped.length
  console.log(`${passed} passed, ${failed.length} failed, ${skipped.length} skipped`)
  for (const line of failed) console.log(line)
  if (results.length === 0 || failed.length > 0) process.exitCode = 1
  if (results.length === 0) console.log(output)
}
