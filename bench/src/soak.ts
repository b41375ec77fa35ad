// Very many requests through a handler whose authorization server and upstream fail at random: whether
// every answer is a documented one, and whether memory and files stay as they are.
import { agentErrorStatus, proxyErrorStatus } from '@token-handler/contract'
import { startServer } from './processes.ts'
import { print, printTable } from './report.ts'
import { cookieHeader, requestHeaders, takeCookies } from './sign-in.ts'
import type { Jar } from './sign-in.ts'

const REQUESTS = Number(process.env['REQUESTS'] ?? 200_000)
const USERS = 64
const SAMPLES = 8

const failing = { FAILURE_RATE: '0.05', ACCESS_TOKEN_LIFETIME: '2' }
const upstream = await startServer('upstream', failing)
const authorizationServer = await startServer('authorization-server', failing)
const handler = await startServer('handler', {
  UPSTREAM: upstream.url,
  ISSUER: authorizationServer.url,
  LOG_LEVEL: 'warn',
  TIMEOUT: '1',
  // A rejection that nobody handles ends the process, and the test.
  NODE_FLAGS: '--unhandled-rejections=strict --expose-gc',
})

/** How often each answer came. */
const answers = new Map<string, number>()
const undocumented = new Set<string>()
let sent = 0
let lostSessions = 0
const samples: Promise<string[]>[] = []

/** What the handler has become after so many requests. */
async function takeSample(requests: number): Promise<string[]> {
  const megabytes = (handler.memory() / 1e6).toFixed(0)
  const heap = (await handler.heapUsed()).toFixed(1)
  return [String(requests), megabytes, heap, String(handler.openFiles())]
}

const documented: Readonly<Record<string, number>> = { ...agentErrorStatus, ...proxyErrorStatus }

/** Names an answer, and notes when the documentation knows no such one. */
function judge(who: string, status: number, text: string): void {
  const code = /^\{"error_code":"([a-z_]+)"\}$/.exec(text)?.[1]
  const isOurs = code !== undefined && documented[code] === status
  // What the API itself answers passes through, its failures included.
  const isOk = isOurs || status === 200 || (who === 'API' && status === 500)
  const name = `${who}: ${status}${code === undefined ? '' : ` ${code}`}`
  answers.set(name, (answers.get(name) ?? 0) + 1)
  if (!isOk) undocumented.add(`${name} ${text.slice(0, 100)}`)
}

/** Sends a request; resolves with its status and JSON, or with 0 when its answer was cut off. */
async function send(who: string, method: string, path: string, jar: Jar, form?: URLSearchParams) {
  sent += 1
  if (sent % Math.ceil(REQUESTS / SAMPLES) === 0) samples.push(takeSample(sent))
  try {
    const headers = { ...requestHeaders, cookie: cookieHeader(jar) }
    const response = await fetch(handler.url + path, { method, headers, body: form ?? null })
    const hadSession = [...jar.keys()].some((name) => name.endsWith('-session'))
    takeCookies(jar, response)
    const text = await response.text()
    judge(who, response.status, text)
    // This authorization server ends no session, so nobody who has one may lose it.
    if (hadSession && text.includes('session_expired')) lostSessions += 1
    return { status: response.status, text }
  } catch {
    const name = `${who}: the connection was broken off`
    answers.set(name, (answers.get(name) ?? 0) + 1)
    // Only what an upstream broke off may end so.
    if (who !== 'API' || handler.process.exitCode !== null) undocumented.add(name)
    return { status: 0, text: '' }
  }
}

async function signIn(jar: Jar): Promise<void> {
  const started = await send('agent', 'POST', '/oauth-agent/login/start', jar)
  if (started.status !== 200) return
  const { searchParams } = new URL(JSON.parse(started.text).authorization_url)
  const answer = { nonce: searchParams.get('nonce'), clientId: searchParams.get('client_id') }
  const code = Buffer.from(JSON.stringify(answer)).toString('base64url')
  const form = new URLSearchParams({ state: searchParams.get('state') ?? '', code })
  await send('agent', 'POST', '/oauth-agent/login/end', jar, form)
}

/** A user who calls the API, refreshes when told to, and now and then signs out and in again. */
async function use(): Promise<void> {
  const jar: Jar = new Map()
  for (let turn = 1; sent < REQUESTS && handler.process.exitCode === null; turn += 1) {
    if (jar.size < 2) await signIn(jar)
    const { status } = await send('API', turn % 4 === 0 ? 'POST' : 'GET', '/api/1k', jar)
    if (status === 401) await send('agent', 'POST', '/oauth-agent/refresh', jar)
    if (turn % 500 === 0) await send('agent', 'POST', '/oauth-agent/logout', jar)
  }
}

await Promise.all(Array.from({ length: USERS }, use))
const survived = handler.process.exitCode === null

printTable('Answers', [
  ['', 'count'],
  ...[...answers.keys()].toSorted().map((name) => [name, String(answers.get(name))]),
])
printTable('The handler', [
  ['requests', 'RSS MB', 'heap MB', 'open files'],
  ...(await Promise.all(samples)),
])
print('')
print(survived ? 'The handler never fell.' : 'The handler fell.')
print(`Sessions lost: ${lostSessions}`)
for (const answer of undocumented) print(`Not documented: ${answer}`)
for (const server of [handler, authorizationServer, upstream]) await server.stop()
process.exitCode = survived && undocumented.size === 0 && lostSessions === 0 ? 0 : 1
