// Very many requests through nginx with the plugin, whose API fails at random, while keys change and nginx reloads:
// whether every answer is a documented one, none is lost at a reload, and memory and files stay as they are.
import { proxyErrorStatus } from '@token-handler/contract'
import type { Configuration } from '@token-handler/reference-handler'
import { readdirSync, readFileSync } from 'node:fs'
import { request as sendRequest } from 'undici'
import { findFreePorts } from '../../two-users/src/ports.ts'
import { filesOf } from '../../gateways/nginx/src/gateway.ts'
import { startNginx } from '../../gateways/nginx/src/nginx.ts'
import { sealerOf } from '../../packages/reference-handler/src/sealing/configured-sealer.ts'
import { sealProxyCookie } from '../../packages/reference-handler/src/sealing/proxy-cookie.ts'
import { startServer } from './processes.ts'
import { print, printTable } from './report.ts'
import { benchConfiguration } from './servers/configuration.ts'

const REQUESTS = Number(process.env['REQUESTS'] ?? 200_000)
const USERS = 64

/** Requests between two reloads, each with other keys; none in the last quarter, where workers have to stay as they are. */
const RELOAD_EVERY = Math.ceil(REQUESTS / 40)
const LAST_RELOAD = REQUESTS * 0.75
const SAMPLE_EVERY = Math.ceil(REQUESTS / 20)

const upstream = await startServer('upstream', { FAILURE_RATE: '0.05' })
const base = benchConfiguration({ issuer: 'https://login.example', upstream: 'http://api' })
const withSecrets = (...generations: readonly number[]): Configuration => ({
  ...base,
  cookies: {
    ...base.cookies,
    secrets: generations.map((number) => `secret number ${number}, with enough randomness`),
  },
})
const withLocation = (configuration: Configuration) => {
  const { settings, keys } = filesOf(configuration)
  const { routes } = settings as { readonly routes: readonly object[] }
  return {
    settings: { ...settings, routes: routes.map((route) => ({ ...route, location: '@soak' })) },
    keys,
  }
}

const [port = 0] = await findFreePorts(1)
const nginx = await startNginx({
  ...withLocation(withSecrets(0)),
  ports: [port],
  workers: 2,
  http: `upstream api { server 127.0.0.1:${upstream.port}; keepalive 64; keepalive_requests 10000000; }
    server {
      listen 127.0.0.1:${port} backlog=4096;
      include token-handler/server.conf;
      location /api { include token-handler/proxy.conf; }
      location @soak { include token-handler/forward.conf; proxy_read_timeout 1s; }
    }`,
})

/** Cookies of the newest secret, and one of none. */
let cookies: readonly string[] = []
async function sealCookies(configuration: Configuration): Promise<void> {
  const sealer = sealerOf(configuration, {})
  const issuedAt = Date.now()
  cookies = await Promise.all(
    Array.from({ length: USERS }, (_, index) =>
      sealProxyCookie(sealer, {
        accessToken: `${index}`.repeat(600),
        issuedAt,
        expiresAt: issuedAt + 3_600_000,
      }),
    ),
  )
}

const answers = new Map<string, number>()
const undocumented = new Set<string>()
const count = (name: string) => answers.set(name, (answers.get(name) ?? 0) + 1)
let [sent, lost, reloads] = [0, 0, 0]

/** Names an answer, and notes when the documentation knows no such one. */
function judge(isGood: boolean, status: number, text: string): void {
  const code = /^\{"error_code":"([a-z_]+)"\}$/.exec(text)?.[1]
  const statuses: Readonly<Record<string, number>> = proxyErrorStatus
  const isOurs = code !== undefined && statuses[code] === status
  const isExpected = isGood ? isOurs || status === 200 || status === 500 : code === 'unauthorized'
  // A good cookie is good before, while and after keys change.
  const isRefused = isGood && code === 'unauthorized'
  const name = `${isGood ? 'cookie' : 'broken cookie'}: ${status}${code === undefined ? '' : ` ${code}`}`
  count(name)
  if (!isExpected || isRefused) undocumented.add(`${name} ${text.slice(0, 100)}`)
}

/** One character is another. */
const breakOne = (cookie: string) =>
  cookie.slice(0, -9) + (cookie.at(-9) === 'A' ? 'B' : 'A') + cookie.slice(-8)

/** One request over a connection of its own, as a client has that comes for the first time. */
async function send(user: number): Promise<void> {
  const isGood = sent % 50 !== 0
  const cookie = cookies[user % cookies.length] ?? ''
  const method = sent % 4 === 0 ? 'POST' : 'GET'
  sent += 1
  let hasHead = false
  try {
    const { statusCode, body } = await sendRequest(`http://127.0.0.1:${port}/api/1k`, {
      method,
      reset: true,
      headers: {
        host: 'api.app.example',
        origin: 'https://www.app.example',
        'token-handler-version': '1',
        cookie: `__Host-Http-th-at=${isGood ? cookie : breakOne(cookie)}`,
      },
      ...(method === 'POST' && { body: 'a=b' }),
    })
    hasHead = true
    judge(isGood, statusCode, await body.text())
  } catch (error) {
    // The API has broken off its own answer, whose head was there; anything else would be a request that is lost.
    if (hasHead) return void count('cookie: 200, broken off by the API')
    lost += 1
    undocumented.add(`lost: ${String(error)}`)
  }
}

const samples: string[][] = []
function takeSample(): void {
  const workers = nginx.workers()
  const megabytes = (pid: number) =>
    (
      Number(/VmRSS:\s*(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024
    ).toFixed(1)
  const master = Number(readFileSync(`${nginx.folder}/pid`, 'utf8'))
  const files = (pid: number) => String(readdirSync(`/proc/${pid}/fd`).length)
  samples.push([
    String(sent),
    String(reloads),
    workers.map(megabytes).join(', '),
    workers.map(files).join(', '),
    megabytes(master),
    files(master),
  ])
}

/** Keys change in the order of the guide: gateways open the new secret, then it seals, and later the old one goes. */
async function reload(): Promise<void> {
  const generation = Math.floor(reloads / 2)
  const isNew = reloads % 2 === 0
  const next = isNew ? withSecrets(generation, generation + 1) : withSecrets(generation + 1)
  reloads += 1
  await nginx.reload(withLocation(next))
  if (isNew) await sealCookies(withSecrets(generation + 1))
}

let reloading: Promise<void> | undefined
let [reloadAt, sampleAt] = [RELOAD_EVERY, SAMPLE_EVERY]

async function use(user: number): Promise<void> {
  while (sent < REQUESTS) {
    if (sent >= sampleAt) {
      sampleAt += SAMPLE_EVERY
      takeSample()
    }
    if (sent >= reloadAt && reloadAt < LAST_RELOAD && reloading === undefined) {
      reloadAt += RELOAD_EVERY
      reloading = reload().finally(() => {
        reloading = undefined
      })
    }
    await send(user)
  }
}

await sealCookies(withSecrets(0))
const startedAt = performance.now()
await Promise.all(Array.from({ length: USERS }, (_, user) => use(user)))
await reloading
takeSample()
const seconds = (performance.now() - startedAt) / 1000

printTable('Answers', [
  ['', 'count'],
  ...[...answers.keys()].toSorted().map((name) => [name, String(answers.get(name))]),
])
printTable('Workers', [
  ['requests', 'reloads', 'RSS MB', 'open files', 'RSS MB of the master', 'its open files'],
  ...samples,
])
print('')
print(
  `${sent} requests in ${seconds.toFixed(0)} s, ${reloads} reloads, ${Math.floor(reloads / 2)} new secrets`,
)
print(`Requests lost: ${lost}`)
const unexpected = nginx
  .errorLog()
  .match(/\[(?:alert|crit|emerg)\].*|lua (?:entry|user).*|.*token-handler:.*/g)
for (const line of new Set(unexpected)) print(`error.log: ${line}`)
for (const answer of undocumented) print(`Not documented: ${answer}`)
await nginx.stop()
await upstream.stop()
process.exitCode = undocumented.size === 0 && unexpected === null ? 0 : 1
