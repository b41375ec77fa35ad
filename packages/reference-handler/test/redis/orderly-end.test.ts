// An instance that ends while a refresh is under way whose browser has gone: what the refresh brings is stored first.
import { expect, describe, it, onTestFinished } from 'vitest'
import { startProvider } from '../../../local-stack/test/refresh/providers.ts'
import { signIn } from '../../../local-stack/test/refresh/rounds.ts'
import { createBrowser } from '../support/browser.ts'
import { findObstacle, startRedis } from './redis-server.ts'

describe.skipIf(findObstacle() !== undefined)('an instance that gets SIGTERM', () => {
  it('stores what a refresh under way brings, though its connection has ended', async () => {
    const redis = await startRedis()
    onTestFinished(redis.stop)
    const provider = await startProvider('rotation', { TOKEN_HANDLER_REDIS_URL: redis.url })
    onTestFinished(provider.stop)
    const [ending, other] = provider.processes
    const leaving = new AbortController()
    const browser = createBrowser(
      (request, client) => ending.agent(new Request(request, { signal: leaving.signal }), client),
      () => {},
    )
    await signIn(provider, browser)

    const isHeld = provider.holdBack()
    const lost = browser.send('POST', '/refresh').catch(() => 'no answer')
    const letGo = await isHeld
    leaving.abort()
    expect(await lost).toBe('no answer')
    const ended = ending.end()
    letGo()
    await ended

    const elsewhere = createBrowser(other.agent, () => {})
    for (const [name, value] of browser.cookies) elsewhere.cookies.set(name, value)
    const before = provider.refreshCalls()
    expect(await elsewhere.post('/refresh')).toMatchObject({ status: 200 })
    expect(provider.refreshCalls()).toBe(before)
    expect(await elsewhere.post('/refresh')).toMatchObject({ status: 200 })
  }, 60_000)
})
