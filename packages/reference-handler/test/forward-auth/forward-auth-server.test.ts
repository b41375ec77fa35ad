// Decisions on a port of their own: who gets them, and what Node cannot parse.
import { afterEach, expect, it } from 'vitest'
import { startHandler } from '../hosts/handler.ts'
import type { TestHandler } from '../hosts/handler.ts'
import { requestText, sendRaw } from '../hosts/raw-http.ts'
import { findFreePorts } from '../support/free-port.ts'

let handler: TestHandler
afterEach(() => handler.close())

async function start(trustedProxies: readonly string[]): Promise<number> {
  const [forwardAuthPort = 0] = await findFreePorts(1)
  const server = {
    forwardAuth: 'nginx' as const,
    forwardAuthPort,
    trustedProxies: [...trustedProxies],
  }
  handler = await startHandler({ server })
  return forwardAuthPort
}

const ask = (port: number, ...lines: readonly string[]) =>
  sendRaw(
    port,
    requestText('GET', '/', [
      ...handler.goodLines,
      'X-Original-Method: GET',
      'X-Original-URI: /api/orders',
      ...lines,
    ]),
  )

it('a gateway on the list gets a decision, and the port of pages has none', async () => {
  const port = await start(['127.0.0.1'])
  const { status, headers } = await ask(port, 'X-Forwarded-For: 192.0.2.7')
  expect(status).toBe(200)
  expect(headers['authorization']).toEqual(['Bearer the-access-token'])
  expect(headers['x-forwarded-for']).toEqual(['192.0.2.7'])
  expect((await ask(handler.port)).headers).not.toHaveProperty('authorization')
})

it('anybody else gets 403, and the log says who asked', async () => {
  const port = await start(['192.0.2.1'])
  const { status, headers } = await ask(port)
  expect(status).toBe(403)
  expect(headers).not.toHaveProperty('authorization')
  expect(handler.logText()).toContain('server.trustedProxies does not list who asks')
})

it('what Node cannot parse is a refusal that the gateway understands', async () => {
  const port = await start(['127.0.0.1'])
  expect((await ask(port, 'X: \u0001')).status).toBe(403)
  expect((await ask(port, `X: ${'x'.repeat(30_000)}`)).status).toBe(403)
})

it('no token is in the log', async () => {
  const port = await start(['127.0.0.1'])
  const { headers } = await ask(port)
  expect(headers['authorization']).toEqual(['Bearer the-access-token'])
  expect(handler.logText()).not.toContain('the-access-token')
})
