// Nothing confidential gets into the log.
import { describe, expect, it } from 'vitest'
import { parseConfiguration } from '../../src/configuration/parse.ts'
import { createServer } from '../../src/hosts/fastify/create-server.ts'
import { createLogger } from '../../src/hosts/node/logger.ts'
import { validInput } from '../configuration/valid-configuration.ts'
import { accessToken, cookieName, shareHandler } from './handler.ts'
import { requestText, sendRaw } from './raw-http.ts'

const handler = await shareHandler()

const planted = 'planted-1f0c'
const send = (text: string) => sendRaw(handler.port, text)
const plantedLines = () => [
  ...handler.goodLines.filter((line) => !line.startsWith('Cookie')),
  `Cookie: ${cookieName}=${planted}`,
  `Authorization: Bearer ${planted}`,
  `X-Planted: ${planted}`,
]

describe('the log, at its most talkative', () => {
  it('holds no cookie, no header, no query and no token, whatever happens', async () => {
    handler.answerWith((request, response) => {
      if (request.url?.includes('cut')) request.socket.destroy()
      else response.writeHead(200, { 'set-cookie': planted, 'x-planted': planted }).end(planted)
    })
    await send(requestText('GET', `/api/orders?q=${planted}`, handler.goodLines))
    await send(requestText('GET', `/api/cut?q=${planted}`, handler.goodLines))
    for (const target of [
      '/api',
      '/nowhere',
      '/api/../x',
      '/%',
      '/oauth-agent/session',
      '/ready',
    ]) {
      await send(requestText('GET', `${target}?q=${planted}`, plantedLines()))
      await send(requestText('GET', `${target}#${planted}`, plantedLines()))
    }
    await send(requestText('POST', `/oauth-agent/login/end?code=${planted}`, plantedLines()))
    await send(requestText('GET', `http://evil.example/?q=${planted}`, plantedLines()))
    await send(requestText('GET', '/api', [...plantedLines(), 'broken']))
    await send(requestText('GET', '/api', [...plantedLines(), `X: ${'x'.repeat(17_000)}`]))

    const text = handler.logText()
    expect(text).toContain('"path":"/api/orders"')
    expect(text).toContain('"path":"/nowhere"')
    expect(text).toContain('the upstream failed')
    expect(text).not.toContain(planted)
    expect(text).not.toContain(accessToken)
    expect(text).not.toContain(handler.goodLines.find((line) => line.startsWith('Cookie')))
  })

  it('would be caught by this search if it held one', () => {
    handler.logger.info({ note: planted }, 'a mistake')
    expect(handler.logText()).toContain(planted)
  })

  it('removes what a careless caller passes by its name', () => {
    let text = ''
    const logger = createLogger('trace', { write: (line) => void (text += line) })
    logger.info({ headers: planted, req: { headers: planted, a: { cookie: planted } } }, 'careless')
    const error = Object.assign(new Error('broken'), {
      code: 'E',
      rawPacket: planted,
      body: planted,
    })
    logger.error({ err: error }, 'careless')
    logger.error({ cause: planted }, 'careless')
    logger.error({ failure: error, deep: { deeper: { deepest: { planted } } } }, 'careless')
    logger.error(error, 'careless')
    expect(text).toContain('"code":"E"')
    expect(text).not.toContain(planted)
  })

  it('warns at the start of each setting that is weaker than its default', async () => {
    let text = ''
    const logger = createLogger('warn', { write: (line) => void (text += line) })
    const cookies = { ...validInput.cookies, prefix: 'th', secure: false }
    await createServer(parseConfiguration({ ...validInput, cookies }), { logger }).close()
    expect(text).toContain('"setting":"cookies.secure"')
    expect(text).toContain('"setting":"cookies.prefix"')
    expect(text).not.toContain(validInput.cookies.secrets[0])
  })
})
