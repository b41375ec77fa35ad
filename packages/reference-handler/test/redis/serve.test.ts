// `token-handler serve` with a store: one setting, and a start that says what is wrong with it.
import { describe, expect, it, onTestFinished } from 'vitest'
import { startCommand } from '../support/command.ts'
import { findFreePorts } from '../support/free-port.ts'
import { findObstacle, startRedis } from './redis-server.ts'
import { environment } from './serve-environment.ts'

const LISTENING = /http:\/\/127\.0\.0\.1:\d+/

describe.skipIf(findObstacle() !== undefined)(
  'token-handler serve with TOKEN_HANDLER_REDIS_URL',
  () => {
    it('does not start with a store that cannot be reached, and says why and what to do', async () => {
      const url = 'redis://user:the-password@127.0.0.1:1'
      const command = startCommand(['serve', '--port', '0'], {
        ...environment,
        TOKEN_HANDLER_REDIS_URL: url,
      })
      onTestFinished(command.stop)
      const { code, stderr, stdout } = await command.ended
      expect(code).toBe(1)
      expect(stderr).toMatch(
        /redis\.url \(TOKEN_HANDLER_REDIS_URL\) is not answered there: connection refused; start Redis/,
      )
      expect(stderr + stdout).not.toContain('the-password')
    })

    it('does not start with what is no such URL', async () => {
      const command = startCommand(['serve'], {
        ...environment,
        TOKEN_HANDLER_REDIS_URL: 'http://redis:6379',
      })
      onTestFinished(command.stop)
      expect((await command.ended).stderr).toMatch(
        /redis\.url \(TOKEN_HANDLER_REDIS_URL\) must be redis:\/\//,
      )
    })

    it('says in readiness, metrics and log how the store is, and stays ready without it', async () => {
      const redis = await startRedis()
      onTestFinished(redis.stop)
      const [metricsPort = 0] = await findFreePorts(1)
      const command = startCommand(['serve', '--port', '0'], {
        ...environment,
        TOKEN_HANDLER_REDIS_URL: redis.url,
        TOKEN_HANDLER_METRICS_PORT: String(metricsPort),
      })
      onTestFinished(command.stop)
      const address = await command.printed(LISTENING)
      const ready = async () => {
        const response = await fetch(`${address.replace(String(metricsPort), '')}/ready`)
        return [response.status, await response.json()]
      }
      await command.printed(/connected to the store/)
      expect(await ready()).toEqual([200, { status: 'ok', store: 'ok' }])
      const metrics = await (await fetch(`http://127.0.0.1:${metricsPort}/metrics`)).text()
      expect(metrics).toMatch(
        /token_handler_store_duration_seconds_count\{operation="ping",outcome="ok"\} [1-9]/,
      )

      await redis.kill()
      await command.printed(/connection to the store lost/)
      expect(await ready()).toEqual([200, { status: 'ok', store: 'unavailable' }])
      await redis.start()
      await command.printed(/connected to the store again/)
      expect(await ready()).toEqual([200, { status: 'ok', store: 'ok' }])
      command.signal('SIGTERM')
      expect((await command.ended).code).toBe(0)
    })
  },
)
