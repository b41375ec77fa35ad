// Keys change by a reload: what the new list opens is opened, what it does not is not, and no request is lost.
import { describe, expect, it } from 'vitest'
import { parseConfiguration } from '../../../packages/reference-handler/src/configuration/parse.ts'
import { sealerOf } from '../../../packages/reference-handler/src/sealing/configured-sealer.ts'
import {
  openSocket,
  readUntil,
  requestText,
  sendRaw,
} from '../../../packages/reference-handler/test/hosts/raw-http.ts'
import { validInput } from '../../../packages/reference-handler/test/configuration/valid-configuration.ts'
import { isPluginMissing } from '../src/programs.ts'
import { shareGateway } from '../src/shared-gateway.ts'

const [older = ''] = validInput.cookies.secrets
const newer = 'a newer secret, with enough randomness in it'

describe.skipIf(isPluginMissing())('nginx with the plugin', () => {
  const gateway = shareGateway({ workers: 2 })

  const configured = (secrets: string[]) =>
    parseConfiguration({
      ...validInput,
      routes: gateway.handler.configuration.routes,
      cookies: { secrets },
    })
  async function linesWith(secret: string): Promise<readonly string[]> {
    const sealed = await sealerOf(configured([secret]), {}).seal('proxy', ['token', 1, null])
    return [
      'Host: api.app.example',
      'Token-Handler-Version: 1',
      `Cookie: __Host-Http-th-at=${sealed}`,
    ]
  }
  const statusFor = async (secret: string) => {
    const lines = [...(await linesWith(secret)), 'Connection: close']
    return (await sendRaw(gateway.port, requestText('GET', '/api', lines))).status
  }

  it('opens cookies of the secrets that the key file was made of, newest or not, and of no other', async () => {
    expect([await statusFor(older), await statusFor(newer)]).toEqual([200, 401])
    await gateway.gateway.take(configured([newer, older]))
    expect([await statusFor(older), await statusFor(newer)]).toEqual([200, 200])
    await gateway.gateway.take(configured([newer]))
    expect([await statusFor(older), await statusFor(newer)]).toEqual([401, 200])
    await gateway.gateway.take(configured([older]))
  })

  it('ends an answer that is under way, and loses no request, while keys change', async () => {
    let finish: (() => void) | undefined
    const lines = await linesWith(older)
    const long = openSocket(gateway.port)
    gateway.answerWith((request, response) => {
      if (!request.url?.endsWith('/long')) return response.end('whole')
      response.write('beginning')
      finish = () => response.end('end')
    })
    long.write(requestText('GET', '/api/long', [...lines, 'Connection: close']))
    await readUntil(long, 'beginning')

    const rotation = { isOver: false }
    const statuses: number[] = []
    const work = async () => {
      while (!rotation.isOver) {
        const text = requestText('GET', '/api', [...lines, 'Connection: close'])
        statuses.push((await sendRaw(gateway.port, text)).status)
      }
    }
    const working = Promise.all([work(), work(), work()])
    for (const secrets of [[newer, older], [older, newer], [older]]) {
      await gateway.gateway.take(configured(secrets))
    }
    rotation.isOver = true
    await working
    expect(statuses.length).toBeGreaterThan(10)
    expect(statuses.filter((status) => status !== 200)).toEqual([])
    finish?.()
    expect(await readUntil(long, 'end')).toContain('end')
  })
})
