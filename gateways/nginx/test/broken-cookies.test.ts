// Whatever a cookie is made of: it opens to what was sealed, or to nothing, and costs no memory for long.
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { sealerOf } from '../../../packages/reference-handler/src/sealing/configured-sealer.ts'
import { requestText } from '../../../packages/reference-handler/test/hosts/raw-http.ts'
import { breakCookie, createRandom, isSameCookie } from '../src/broken-cookies.ts'
import { openLine } from '../src/many-requests.ts'
import { isPluginMissing } from '../src/programs.ts'
import { shareGateway } from '../src/shared-gateway.ts'

/** GATEWAY_RUNS=1000000 is worth a quarter of an hour now and then. */
const RUNS = Number(process.env['GATEWAY_RUNS'] ?? 5000)
const seed = process.env['GATEWAY_RUNS'] === undefined ? 42 : Date.now() >>> 0

/** Cookies between two looks at the memory of nginx. */
const SAMPLED_EVERY = 1000

/** Sent at once. */
const BATCH = 50

const megabytesOf = (pid: number) =>
  Number(/VmRSS:\s*(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024

describe.skipIf(isPluginMissing())('nginx with the plugin', () => {
  const gateway = shareGateway({ server: 'keepalive_requests 1000000000;' })

  it(
    'opens no cookie that was changed, never fails, and keeps its memory',
    async () => {
      const sealer = sealerOf(gateway.handler.configuration, {})
      const contents = [
        ['token', Date.now(), null],
        ['x'.repeat(700), Date.now(), Date.now() + 3_600_000],
      ]
      const sealed = await Promise.all([
        ...contents.map((content) => sealer.seal('proxy', content)),
        sealer.seal('session', { refreshToken: 'r'.repeat(40) }),
      ])
      const good = sealed.slice(0, contents.length)
      const random = createRandom(seed)
      const line = openLine(gateway.port)
      const request = (value: string) =>
        requestText('GET', '/api', [
          'Host: api.app.example',
          'Token-Handler-Version: 1',
          `Cookie: __Host-Http-th-at=${value}`,
        ])
      const memory: number[] = []
      const [worker = 0] = gateway.gateway.workers()
      for (let sent = 0; sent < RUNS; sent += BATCH) {
        const values = Array.from({ length: BATCH }, () => breakCookie(sealed, random))
        const statuses = await line.send(values.map(request))
        for (const [index, status] of statuses.entries()) {
          const value = values[index] ?? ''
          const isOurs = good.some((own) => isSameCookie(own, value))
          // A semicolon is none of the characters; what comes behind one would be another cookie.
          if (status !== (isOurs ? 200 : 401))
            expect({ seed, value, status }).toEqual('as it should')
        }
        if (sent % SAMPLED_EVERY === 0) memory.push(megabytesOf(worker))
      }
      // Good ones are taken still.
      expect(await line.send(good.map(request))).toEqual([200, 200])
      line.close()
      const growth = (memory.at(-1) ?? 0) - (memory[Math.floor(memory.length / 5)] ?? 0)
      if (process.env['GATEWAY_RUNS']) {
        process.stdout.write(
          `${RUNS} cookies, worker grew by ${growth.toFixed(1)} MB to ${memory.at(-1)}\n`,
        )
      }
      expect(growth).toBeLessThan(8)
    },
    Math.max(60_000, RUNS * 5),
  )
})
