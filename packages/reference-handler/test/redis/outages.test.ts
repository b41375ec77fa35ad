// Redis hangs or dies while two processes are under load: every answer is a documented one and comes in time, no
// session is lost, and everything recovers by itself.
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

/** No answer may take longer (ms). What a busy machine takes for anything comes on top. */
const BUSY = 3000
const SLOWEST = 3000 + BUSY

/** Milliseconds after the return of Redis until refreshes succeed again. */
const RECOVERY = 2000 + BUSY

/** Milliseconds that the trouble lasts. */
const TROUBLE = 1500

const wait = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds))

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

  /** Refreshes again and again; every answer that arrives is kept, whatever order they arrive in. */
  async function load(browser: Browser, isOver: () => boolean, answers: Map<string, number>) {
    let [slowest, succeededAt] = [0, Infinity]
    let failedAt = 0
    while (!isOver()) {
      const sent = Array.from({ length: TABS }, async () => {
        const start = Date.now()
        const answer = await browser.send('POST', '/refresh')
        slowest = Math.max(slowest, Date.now() - start)
        return answer
      })
      for (const answer of await Promise.all(sent)) {
        answer.setCookies.forEach(browser.keep)
        const { error_code: code = '' } = answer.body
        const kind = `${answer.status} ${JSON.stringify(code)}`
        answers.set(kind, (answers.get(kind) ?? 0) + 1)
        if (answer.status === 503) expect(answer.headers.get('retry-after')).toBe('1')
        if (answer.status !== 200) failedAt = Date.now()
        else if (failedAt > 0) succeededAt = Date.now()
      }
      await wait(20)
    }
    return { slowest, failedAt, succeededAt }
  }

  it.each([
    [
      'hangs',
      async (own: RedisServer) => own.signal('SIGSTOP'),
      async (own: RedisServer) => own.signal('SIGCONT'),
    ],
    [
      'dies, and comes back with nothing',
      (own: RedisServer) => own.kill(),
      (own: RedisServer) => own.start(),
    ],
  ])(
    '%s: no answer is late, and no session is lost',
    async (_, begin, end) => {
      const agent = balance(
        provider.processes.map(({ agent }) => agent),
        'round-robin',
      )
      const browsers = Array.from({ length: BROWSERS }, () => createBrowser(agent, () => {}))
      await Promise.all(browsers.map((browser) => signIn(provider, browser)))

      let isOver = false
      const answers = new Map<string, number>()
      const loads = browsers.map((browser) => load(browser, () => isOver, answers))
      await wait(300)
      await begin(redis)
      await wait(TROUBLE)
      await end(redis)
      const back = Date.now()
      await wait(RECOVERY + 1000)
      isOver = true
      const results = await Promise.all(loads)

      expect([...answers.keys()].sort()).toEqual(['200 ""', '503 "temporarily_unavailable"'])
      expect(Math.max(...results.map(({ slowest }) => slowest))).toBeLessThan(SLOWEST)
      expect(Math.max(...results.map(({ failedAt }) => failedAt)) - back).toBeLessThan(RECOVERY)
      for (const browser of browsers) expect((await browser.post('/refresh')).status).toBe(200)
    },
    60_000,
  )
})
