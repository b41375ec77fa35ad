// Measures a cold start: from the start of the process to the first answer, beside a function that does nothing.
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { bundleFunction, functionOf } from './lambda-hosts.ts'
import { startFunction } from './runtime.ts'

const settings = {
  authorizationServer: { issuer: 'https://login.app.example' },
  client: { id: 'spa', secret: 'secret', redirectUri: 'https://www.app.example/callback' },
  cookies: { secrets: ['a secret for measurements, and for nothing else'] },
  trustedOrigins: ['https://www.app.example'],
  routes: [{ path: '/api', upstream: 'http://127.0.0.1:1' }],
}

const event = {
  version: '2.0',
  rawPath: '/oauth-agent/session',
  rawQueryString: '',
  headers: { host: 'api.app.example', 'token-handler-version': '1' },
  requestContext: { stage: '$default', http: { method: 'GET' } },
}

const functions = {
  nothing: 'export const handler = async () => ({ statusCode: 200, body: "" })',
  handler: functionOf('createLambdaHandler', settings),
}

const STARTS = Number(process.env['STARTS'] ?? 10)

/** Milliseconds to the first answer, and from there to the second. */
async function measureOnce(folder: string): Promise<readonly [first: number, second: number]> {
  const startedAt = performance.now()
  const lambda = await startFunction({ folder, concurrency: 1, environment: {} })
  const invoke = () =>
    new Promise<number>((resolve, reject) => {
      lambda.invoke({
        event,
        answer: (answer) => answer.resume().once('end', () => resolve(performance.now())),
        fail: () => reject(new Error(lambda.log())),
      })
    })
  const first = await invoke()
  const second = await invoke()
  await lambda.stop()
  return [first - startedAt, second - first]
}

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN

const folders: Record<string, string> = {}
for (const [name, code] of Object.entries(functions)) {
  const folder = await mkdtemp(join(tmpdir(), 'token-handler-lambda-'))
  folders[name] = folder
  const bytes = await readFile(await bundleFunction(code, folder))
  const kilobytes = [bytes.length, gzipSync(bytes).length].map((size) => Math.round(size / 1000))
  process.stdout.write(`${name}: ${kilobytes[0]} kB, ${kilobytes[1]} kB gzip\n`)
}
const times: Record<string, (readonly [number, number])[]> = { nothing: [], handler: [] }
// In turn, so that what slows the machine slows both.
for (let start = 0; start < STARTS; start += 1) {
  for (const name of Object.keys(functions))
    times[name]?.push(await measureOnce(folders[name] ?? ''))
}
for (const [name, all] of Object.entries(times)) {
  const [first, second] = [median(all.map(([one]) => one)), median(all.map(([, two]) => two))]
  process.stdout.write(
    `${name}: first answer after ${Math.round(first)} ms, second after ${second.toFixed(1)} ms\n`,
  )
}
for (const folder of Object.values(folders)) await rm(folder, { recursive: true })
