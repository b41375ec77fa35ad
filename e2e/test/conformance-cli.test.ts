// `token-handler conformance` signs in with a real Chromium, and stops before the SPA loads.
import { execFile } from 'node:child_process'
import { createServer } from 'node:http'
import { fileURLToPath } from 'node:url'
import { startLocalStack } from '@token-handler/local-stack'
import { expect, onTestFinished, test } from 'vitest'
import { findBrowser } from '../src/browser.ts'
import { listen } from '../src/listen.ts'

const command = fileURLToPath(
  new URL('../../packages/reference-handler/src/cli/main.ts', import.meta.url),
)
const signInModule = fileURLToPath(new URL('../src/sign-in-module.ts', import.meta.url))

/** An SPA that counts who comes. */
async function startSpa(): Promise<{
  readonly port: number
  readonly visits: () => readonly string[]
}> {
  const visits: string[] = []
  const server = createServer(({ url = '' }, response) => {
    visits.push(url)
    response.end('<p>the app</p>')
  })
  const { port, stop } = await listen(server)
  onTestFinished(stop)
  return { port, visits: () => visits }
}

function runCommand(
  args: readonly string[],
): Promise<{ code: number; stdout: string; stderr: string }> {
  const node = ['--conditions=@token-handler/source', command, ...args]
  return new Promise((resolve) => {
    execFile(process.execPath, node, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr })
    })
  })
}

/** Cases of every kind of sign-in: one user and two, refused, twice at once, and again after the end. */
const cases = [
  'login-end-signs-in',
  'two-tabs-can-sign-in',
  'another-user-replaces-the-session',
  'login-end-in-another-browser',
  'code-of-another-login',
  'authorization-error-is-relayed',
  'login-required-is-401',
  'logout-ends-the-session',
  'api-receives-a-bearer-token-and-no-cookie',
  'cookie-attributes',
  'two-browsers-two-users',
  'no-token-in-any-body',
]

test('the suite passes against the local stack, and the SPA never gets to see a code', async () => {
  const spa = await startSpa()
  const stack = await startLocalStack({
    ports: { spa: spa.port, handler: 0, authorizationServer: 0, api: 0, control: 0 },
    consent: false,
    log: { level: 'error' },
  })
  onTestFinished(() => stack.stop())
  const { executablePath } = await findBrowser()

  const { code, stdout, stderr } = await runCommand([
    'conformance',
    stack.urls.agent,
    '--origin',
    stack.urls.spa,
    '--api',
    `${stack.urls.api}/echo`,
    '--chromium',
    executablePath,
    '--sign-in',
    signInModule,
    '--second-user',
    '--format',
    'json',
    '--yes',
    ...cases.flatMap((id) => ['--case', id]),
  ])

  expect(stderr).toBe('')
  const report = JSON.parse(stdout) as { cases: { id: string; status: string }[] }
  expect(report.cases.filter(({ status }) => status !== 'passed')).toEqual([])
  expect(report.cases).toHaveLength(cases.length)
  expect(code).toBe(0)
  expect(spa.visits()).toEqual([])
  const secrets = [...stack.issuedSecrets()].filter((secret) => secret.length > 8)
  expect(secrets.filter((secret) => stdout.includes(secret))).toEqual([])
})
