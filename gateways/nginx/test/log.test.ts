// What nginx writes into error.log: nothing of the plugin's holds a secret, a token or a cookie, at any level.
import { describe, expect, it } from 'vitest'
import { requestText, sendRaw } from '../../../packages/reference-handler/test/hosts/raw-http.ts'
import { tamper } from '../../../packages/reference-handler/test/support/tamper.ts'
import { filesOf } from '../src/gateway.ts'
import { writtenByNginx } from '../src/nginx-log.ts'
import { isPluginMissing } from '../src/programs.ts'
import { shareGateway } from '../src/shared-gateway.ts'
import type { SharedGateway } from '../src/shared-gateway.ts'

/** Good requests and bad ones, an upstream that fails among them. */
async function provoke(gateway: SharedGateway): Promise<readonly string[]> {
  const { configuration, goodLines } = gateway.handler
  const cookie = goodLines.find((line) => line.startsWith('Cookie')) ?? ''
  const value = cookie.split('=')[1] ?? ''
  const broken = goodLines.map((line) =>
    line === cookie ? cookie.replace(value, tamper(value)) : line,
  )
  for (const lines of [goodLines, broken, [...goodLines, cookie], [...goodLines, 'X: \u0001']]) {
    await sendRaw(gateway.port, requestText('GET', '/api/orders', lines))
    await sendRaw(gateway.port, requestText('GET', '/api/%00', lines))
  }
  gateway.answerWith((request) => request.socket.destroy())
  expect((await sendRaw(gateway.port, requestText('GET', '/api', goodLines))).status).toBe(502)
  const keys = filesOf(configuration).keys.tenants.flatMap(({ keys }) => keys.map(({ key }) => key))
  return ['the-access-token', value, tamper(value), ...keys, ...configuration.cookies.secrets]
}

describe.skipIf(isPluginMissing())('error.log', () => {
  describe('at level info, the least that nginx has in production', () => {
    const gateway = shareGateway({ logLevel: 'info' })
    it('holds no secret, token or cookie', async () => {
      const secrets = await provoke(gateway)
      const log = gateway.gateway.errorLog()
      expect(log).toContain('upstream prematurely closed')
      expect(secrets.filter((secret) => log.includes(secret))).toEqual([])
    })
  })

  describe('at level debug, which nginx has only where it is built for it', () => {
    const gateway = shareGateway({ logLevel: 'debug' })
    it('holds them only where nginx itself writes down the heads of requests, and never a key', async () => {
      const [token = '', cookie = '', broken = '', ...keys] = await provoke(gateway)
      const lines = gateway.gateway.errorLog().split('\n')
      expect(keys.filter((key) => lines.some((line) => line.includes(key)))).toEqual([])
      const telling = lines.filter((line) =>
        [token, cookie, broken].some((secret) => line.includes(secret)),
      )
      expect(
        telling.filter((line) => !writtenByNginx.test(line)).map((line) => line.slice(0, 90)),
      ).toEqual([])
    })
  })
})
