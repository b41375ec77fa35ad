// `token-handler end-sessions`: an operator ends all sessions of a user on all instances, and nobody else's.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { balance } from '../../../local-stack/test/refresh/fleet.ts'
import { startProvider } from '../../../local-stack/test/refresh/providers.ts'
import type { Provider } from '../../../local-stack/test/refresh/providers.ts'
import { signIn } from '../../../local-stack/test/refresh/rounds.ts'
import { createBrowser } from '../support/browser.ts'
import type { Browser } from '../support/browser.ts'
import { startCommand } from '../support/command.ts'
import { findObstacle, startRedis } from './redis-server.ts'
import type { RedisServer } from './redis-server.ts'
import { environment } from './serve-environment.ts'

/** Waits for what a busy machine takes long for. */
const PATIENCE = { timeout: 20_000 }

function run(args: readonly string[], settings: Readonly<Record<string, string>>) {
  const command = startCommand(['end-sessions', ...args], settings)
  onTestFinished(command.stop)
  return command.ended
}

const callApi = (browser: Browser) => browser.send('GET', '/../api/orders')

describe.skipIf(findObstacle() !== undefined)('token-handler end-sessions', () => {
  let redis: RedisServer
  let provider: Provider
  const api = createServer((_, response) => response.end('{}'))
  beforeAll(async () => {
    redis = await startRedis()
    await new Promise<void>((resolve) => api.listen(0, '127.0.0.1', resolve))
    provider = await startProvider('rotation', {
      TOKEN_HANDLER_REDIS_URL: redis.url,
      TOKEN_HANDLER_ROUTES: `/api=http://127.0.0.1:${(api.address() as AddressInfo).port}`,
    })
  }, 60_000)
  afterAll(async () => {
    await provider.stop()
    await redis.stop()
    api.close()
  })

  /** A browser of each process, both with the cookies of one sign-in. */
  async function signInAs(user: string): Promise<readonly Browser[]> {
    const [one, two] = provider.processes.map(({ agent }) => createBrowser(agent, () => {}))
    if (one === undefined || two === undefined) throw new Error('There are two.')
    await signIn(provider, one, user)
    for (const [name, value] of one.cookies) two.cookies.set(name, value)
    return [one, two]
  }

  it('ends the sessions of this user alone, on every instance, and the user can sign in again', async () => {
    const [alice, bob] = [await signInAs('alice'), await signInAs('bob')]
    for (const browser of [...alice, ...bob])
      expect(await callApi(browser)).toMatchObject({ status: 200 })

    expect(await run(['alice'], provider.environment)).toMatchObject({ code: 0, stderr: '' })
    for (const browser of alice) {
      await expect
        .poll(() => callApi(browser), PATIENCE)
        .toMatchObject({
          status: 401,
          body: { error_code: 'unauthorized' },
        })
    }
    for (const browser of alice) {
      const answer = await browser.send('POST', '/refresh')
      expect(answer).toMatchObject({ status: 401, body: { error_code: 'session_expired' } })
    }
    for (const browser of bob) expect(await callApi(browser)).toMatchObject({ status: 200 })

    const again = createBrowser(
      balance(
        provider.processes.map(({ agent }) => agent),
        'round-robin',
      ),
      () => {},
    )
    await signIn(provider, again, 'alice')
    expect(await callApi(again)).toMatchObject({ status: 200 })
    expect((await again.post('/refresh')).status).toBe(200)
  }, 60_000)

  it('reaches instances that start later', async () => {
    const [alice] = await signInAs('alice')
    await run(['alice'], provider.environment)
    const later = startCommand(['serve', '--port', '0'], provider.environment)
    onTestFinished(later.stop)
    const address = await later.printed(/http:\/\/127\.0\.0\.1:\d+/)
    const browser = createBrowser(
      ({ headers, url }) => fetch(address + new URL(url).pathname, { headers }),
      () => {},
    )
    for (const [name, value] of alice?.cookies ?? []) browser.cookies.set(name, value)
    await expect.poll(() => callApi(browser), PATIENCE).toMatchObject({ status: 401 })
  }, 60_000)

  it.each([
    [
      'there is no store',
      ['alice'],
      environment,
      /redis\.url \(TOKEN_HANDLER_REDIS_URL\) is missing/,
    ],
    [
      'the store cannot be reached',
      ['alice'],
      { ...environment, TOKEN_HANDLER_REDIS_URL: 'redis://127.0.0.1:1' },
      /connection refused/,
    ],
    ['no user is named', [], environment, /end-sessions/],
  ])('fails, and says why, when %s', async (_, args, settings, message) => {
    const { code, stderr } = await run(args, settings)
    expect(stderr).toMatch(message)
    expect(code).toBe(1)
  })
})
