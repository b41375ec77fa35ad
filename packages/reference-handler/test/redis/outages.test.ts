// Redis hangs or dies while two processes are under load: every answer is a documented one, none hangs, no session is
// lost, and everything recovers by itself. How soon is measured by `npx pnpm@12 --filter bench run cluster`.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { balance } from '../../../local-stack/test/refresh/fleet.ts'
import { startProvider } from '../../../local-stack/test/refresh/providers.ts'
import type { Provider } from '../../../local-stack/test/refresh/providers.ts'
import { signIn } from '../../../local-stack/test/refresh/rounds.ts'
import { createBrowser } from '../support/browser.ts'
import type { Browser } from '../support/browser.ts'
import { findObstacle, startRedis } from './redis-server.ts'
import type { RedisServer } from './redis-server.ts'

const BROWSERS = 5
/** Refreshes of one browser at the same time. */
const TABS = 3

/** For what happens within a second or two on a machine that has nothing else to do. */
const PATIENCE = { timeout: 45_000 }

/** The answers of a browser that refreshes again and again, by kind. */
interface Use {
  readonly answers: () => ReadonlyMap<string, number>
  readonly forget: () => void
  readonly end: () => Promise<void>
}

const SUCCESS = '200 ""'
const UNAVAILABLE = '503 "temporarily_unavailable"'

/** Every answer that arrives is kept, whatever order they arrive in. */
function use(browser: Browser): Use {
  const answers = new Map<string, number>()
  const load = { isOver: false }

  async function refresh(): Promise<void> {
    const answer = await browser.send('POST', '/refresh')
    answer.setCookies.forEach(browser.keep)
    const { error_code: code = '' } = answer.body
    const retryAfter = answer.headers.get('retry-after')
    const kind = `${answer.status} ${JSON.stringify(code)}`
    const isComplete = answer.status !== 503 || retryAfter === '1'
    answers.set(isComplete ? kind : `${kind} without Retry-After`, (answers.get(kind) ?? 0) + 1)
  }
  async function goOn(): Promise<void> {
    while (!load.isOver) {
      await Promise.all(Array.from({ length: TABS }, refresh))
      // A turn of the event loop for whatever waits.
      await new Promise(setImmediate)
    }
  }
  const going = goOn()
  return {
    answers: () => answers,
    forget: () => answers.clear(),
    async end() {
      load.isOver = true
      await going
    },
  }
}

describe.skipIf(findObstacle() !== undefined)('while refreshes are under way, Redis', () => {
  let redis: RedisServer
  let provider: Provider
  beforeAll(async () => {
    redis = await startRedis()
    provider = await startProvider('rotation', { TOKEN_HANDLER_REDIS_URL: redis.url })
  }, 60_000)
  afterAll(async () => {
    await provider.stop()
    await redis.stop()
  })

  it.each<
    [string, (own: RedisServer) => Promise<void> | void, (own: RedisServer) => Promise<void> | void]
  >([
    ['hangs', (own) => own.signal('SIGSTOP'), (own) => own.signal('SIGCONT')],
    ['dies, and comes back with nothing', (own) => own.kill(), (own) => own.start()],
  ])(
    '%s: no answer fails to come, and no session is lost',
    async (_, begin, end) => {
      const agents = provider.processes.map(({ agent }) => agent)
      const agent = balance(agents, 'round-robin')
      const browsers = Array.from({ length: BROWSERS }, () => createBrowser(agent, () => {}))
      await Promise.all(browsers.map((browser) => signIn(provider, browser)))

      const uses = browsers.map(use)
      const kinds = () => [...new Set(uses.flatMap(({ answers }) => [...answers().keys()]))].sort()
      const allHave = (kind: string) => () => uses.every(({ answers }) => answers().has(kind))
      await expect.poll(allHave(SUCCESS), PATIENCE).toBe(true)
      await begin(redis)
      await expect.poll(allHave(UNAVAILABLE), PATIENCE).toBe(true)
      await end(redis)
      expect(kinds()).toEqual([SUCCESS, UNAVAILABLE])
      for (const { forget } of uses) forget()
      await expect.poll(allHave(SUCCESS), PATIENCE).toBe(true)
      await Promise.all(uses.map((each) => each.end()))

      for (const kind of kinds()) expect([SUCCESS, UNAVAILABLE]).toContain(kind)
      for (const browser of browsers) expect((await browser.post('/refresh')).status).toBe(200)
    },
    120_000,
  )
})
