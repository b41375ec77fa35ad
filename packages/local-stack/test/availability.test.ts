// Servers of the stack that are made to fail: down, slow, in error, talking nonsense.
import { createServer, IncomingMessage, ServerResponse } from 'node:http'
import { Socket } from 'node:net'
import { expect, test, vi } from 'vitest'
import { createGate } from '../src/availability.ts'
import { close, listen } from '../src/listening.ts'
import { send } from './visitor.ts'

async function startServer() {
  const gate = createGate()
  const server = createServer(gate.guard((_request, response) => response.end('well')))
  const port = await listen(server, { port: 0, service: 'a test', option: 'none' })
  return {
    gate,
    ask: () => send(`http://127.0.0.1:${port}/`),
    [Symbol.asyncDispose]: () => close(server),
  }
}

test('a server that is down cuts the connection, and answers when it is up again', async () => {
  await using server = await startServer()

  server.gate.set('down')
  await expect(server.ask()).rejects.toThrow(/socket hang up|ECONNRESET/)

  server.gate.set('up')
  expect((await server.ask()).body).toBe('well')
})

test('a server in error answers 500', async () => {
  await using server = await startServer()
  server.gate.set('error')

  expect((await server.ask()).status).toBe(500)
})

test('a server that talks nonsense answers 200 with what is not JSON', async () => {
  await using server = await startServer()
  server.gate.set('nonsense')

  const { status, headers, body } = await server.ask()

  expect(status).toBe(200)
  expect(headers.get('content-type')).toBe('application/json')
  expect(() => JSON.parse(body)).toThrow(SyntaxError)
})

test('a slow server keeps requests until it is up, and forgets who went away', () => {
  const gate = createGate()
  const listener = vi.fn()
  const guarded = gate.guard(listener)
  const request = (): IncomingMessage => new IncomingMessage(new Socket())
  const patient = request()
  const impatient = request()

  gate.set('slow')
  guarded(patient, new ServerResponse(patient))
  guarded(impatient, new ServerResponse(impatient))
  impatient.socket.destroy()
  gate.set('error')
  expect(listener).not.toHaveBeenCalled()

  gate.set('up')
  gate.set('up')
  expect(listener.mock.calls.map(([received]) => received)).toEqual([patient])
})
