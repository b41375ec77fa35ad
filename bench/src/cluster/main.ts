// What users see when instances, Redis or cookie secrets change under load: one line of JSON for each trouble.
import {
  startTestServer,
  client,
  signIn as authenticate,
} from '../../../packages/local-stack/test/authorization-client.ts'
import { createVisitor } from '../../../packages/local-stack/test/visitor.ts'
import { createBrowser } from '../../../packages/reference-handler/test/support/browser.ts'
import type { Browser } from '../../../packages/reference-handler/test/support/browser.ts'
import { startCommand } from '../../../packages/reference-handler/test/support/command.ts'
import type { Command } from '../../../packages/reference-handler/test/support/command.ts'
import { startRedis } from '../../../packages/reference-handler/test/redis/redis-server.ts'

const SESSIONS = Number(process.env['SESSIONS'] ?? 20)
const INSTANCES = 3
/** Milliseconds of load before, during and after the trouble. */
const PHASE = 2000

/** Milliseconds after which the load balancer gives an instance up, and the browser sends its request again. */
const ANSWER_TIME = 10_000

const wait = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds))
const isJson = process.argv.includes('--json')
const secrets = [
  'the cookie secret that comes first',
  'the cookie secret that comes later on',
] as const

const authorizationServer = await startTestServer({ refreshTokenRotation: true, consent: false })
const redis = await startRedis()

interface Instance {
  readonly command: Command
  readonly url: string
}

async function startInstance(cookieSecrets: string): Promise<Instance> {
  const { issuer } = authorizationServer
  const command = startCommand(['serve', '--port', '0'], {
    TOKEN_HANDLER_ISSUER: issuer,
    TOKEN_HANDLER_CLIENT_ID: client.id,
    TOKEN_HANDLER_CLIENT_SECRET: client.secret,
    TOKEN_HANDLER_REDIRECT_URI: client.redirectUri,
    TOKEN_HANDLER_TRUSTED_ORIGINS: [
      'https://www.app.example',
      new URL(client.redirectUri).origin,
    ].join(),
    TOKEN_HANDLER_COOKIE_SECRETS: cookieSecrets,
    TOKEN_HANDLER_REFRESH_FRESH_FOR: '0',
    TOKEN_HANDLER_REDIS_URL: redis.url,
    TOKEN_HANDLER_LOG_LEVEL: 'info',
  })
  return { command, url: await command.printed(/http:\/\/127\.0\.0\.1:\d+/) }
}

const instances = await Promise.all(
  Array.from({ length: INSTANCES }, () => startInstance(secrets[0])),
)

/** Round-robin; who does not answer is asked no more, as gateways do, and the browser sends its request again. */
let turn = 0
const down = new Set<Instance>()
async function balance(request: Request): Promise<Response> {
  const up = instances.filter((instance) => !down.has(instance))
  const instance = up[turn++ % up.length]
  if (instance === undefined) throw new Error('No instance is left.')
  const { method, headers } = request
  const body = (await request.text()) || null
  const signal = AbortSignal.timeout(ANSWER_TIME)
  return await fetch(instance.url + new URL(request.url).pathname, {
    method,
    headers,
    body,
    signal,
  })
}

async function signIn(): Promise<Browser> {
  const browser = createBrowser(balance, () => {})
  const { body } = await browser.post('/login/start')
  const callback = await authenticate(createVisitor(), String(body['authorization_url']))
  const { status } = await browser.post('/login/end', callback.searchParams)
  if (status !== 200) throw new Error('The sign-in failed.')
  return browser
}

const replace = async (index: number, cookieSecrets: string) => {
  const old = instances[index]
  instances[index] = await startInstance(cookieSecrets)
  old?.command.signal('SIGTERM')
  await old?.command.ended
}

const troubles: Readonly<Record<string, () => Promise<unknown>>> = {
  none: () => wait(PHASE),
  'SIGTERM of an instance': () => replace(0, secrets[0]),
  async 'SIGKILL of an instance'() {
    const [killed] = instances
    if (killed) down.add(killed)
    await killed?.command.stop()
    instances[0] = await startInstance(secrets[0])
  },
  async 'SIGSTOP of an instance'() {
    instances[1]?.command.signal('SIGSTOP')
    await wait(PHASE)
    instances[1]?.command.signal('SIGCONT')
  },
  async 'Redis hung'() {
    redis.signal('SIGSTOP')
    await wait(PHASE)
    redis.signal('SIGCONT')
  },
  async 'Redis restarted empty'() {
    await redis.kill()
    await wait(PHASE / 2)
    await redis.start()
  },
  async 'rolling change of cookie secrets'() {
    const [old, next] = secrets
    for (const list of [`${old},${next}`, `${next},${old}`]) {
      for (const index of instances.keys()) await replace(index, list)
    }
  },
}

async function play(trouble: string, cause: () => Promise<unknown>) {
  const browsers: Browser[] = []
  for (let count = 0; count < SESSIONS; count++) browsers.push(await signIn())
  const load = { isOver: false }
  let slowest = 0
  const ended = new Set<Browser>()
  async function use(browser: Browser): Promise<void> {
    while (!load.isOver && !ended.has(browser)) {
      const requests = Array.from({ length: 2 }, async () => {
        const start = performance.now()
        const answer = await browser.send('POST', '/refresh').catch(() => undefined)
        slowest = Math.max(slowest, performance.now() - start)
        return answer
      })
      for (const answer of await Promise.all(requests)) {
        answer?.setCookies.forEach(browser.keep)
        if (answer?.status === 401) ended.add(browser)
      }
      await wait(50)
    }
  }
  const using = browsers.map(use)
  await wait(PHASE)
  await cause()
  await wait(PHASE)
  load.isOver = true
  await Promise.all(using)
  const last = await Promise.all(
    browsers.map((browser) => browser.post('/refresh').catch(() => undefined)),
  )
  const lost = last.filter((answer) => answer?.status !== 200).length
  const figures = { trouble, sessions: SESSIONS, lost, slowest_ms: Math.round(slowest) }
  console.log(
    isJson
      ? JSON.stringify(figures)
      : `${trouble}: ${lost} of ${SESSIONS} lost, slowest answer ${figures.slowest_ms} ms`,
  )
}

try {
  for (const [trouble, cause] of Object.entries(troubles)) await play(trouble, cause)
} finally {
  await Promise.all(instances.map(({ command }) => command.stop()))
  await redis.stop()
  await authorizationServer.close()
}
