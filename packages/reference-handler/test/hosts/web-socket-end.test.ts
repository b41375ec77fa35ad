// How a WebSocket ends that nobody has closed: when the access token expires, and with the server.
import { once } from 'node:events'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { describe, expect, it, vi } from 'vitest'
import { closeFrame } from '../../src/hosts/node/web-socket-frames.ts'
import { createManualTime } from '../support/manual-time.ts'
import { origin } from './handler.ts'
import type { TestHandler } from './handler.ts'
import { openSocket, parseAnswer, readAll, readUntil, requestText } from './raw-http.ts'
import {
  beginWebSocket,
  handshakeLines,
  openWebSocket,
  textFrame,
  useHandler,
} from './web-socket-fixture.ts'

const start = useHandler()

const expired = closeFrame(4401, 'access token expired')
const HOUR = 3_600_000
/** Milliseconds. */
const lifetime = 300_000
/** Milliseconds that a page gets for its answer to a close frame. */
const CLOSE_TIMEOUT = 2000

/** Requires that a message of the API arrives, and nothing else. */
async function expectOpen({ client, upstream }: { client: Socket; upstream: Duplex }) {
  upstream.write(textFrame('still open'))
  expect(await readUntil(client, 'still open')).toBe(String(textFrame('still open')))
}

/** Has a server begin to close; no connection comes in any more. */
async function beginClosing({ server }: TestHandler) {
  const closing = server.close()
  await vi.waitUntil(() => !server.server.listening, { timeout: 5000 })
  return { closing }
}

/** Opens a WebSocket whose access token expires, and has a test move the time. */
async function open(options: { expires: boolean } = { expires: true }) {
  const time = createManualTime()
  const expiry = options.expires ? { expiresAt: time.now() + lifetime } : {}
  const handler = await start({ time, ...expiry }, { server: { drainFor: 0 } })
  return { handler, time, ...(await openWebSocket(handler)) }
}

describe('the end of a WebSocket', () => {
  it('comes with the end of the access token, and no earlier, with a close code of its own', async () => {
    const { client, time, upstream } = await open()
    time.advance(lifetime - 1)
    await expectOpen({ client, upstream })
    time.advance(1)
    expect((await once(client, 'data'))[0]).toEqual(expired)
    // The page's browser answers the close frame, and the API hears of it.
    const heard = once(upstream, 'data')
    client.write('goodbye')
    expect(String((await heard)[0])).toBe('goodbye')
    client.destroy()
    await once(upstream.resume(), 'close')
    await expect.poll(time.pending, { timeout: 5000 }).toBe(0)
  })

  it('comes after an hour when nobody knows the end of the access token', async () => {
    const { client, time, upstream } = await open({ expires: false })
    time.advance(HOUR - 1)
    await expectOpen({ client, upstream })
    time.advance(1)
    expect((await once(client, 'data'))[0]).toEqual(expired)
    client.destroy()
  })

  it('never comes in the midst of a message', async () => {
    const { client, time, upstream } = await open()
    const message = textFrame('0123456789')
    upstream.write(message.subarray(0, 5))
    expect(await readUntil(client, '012')).toHaveLength(5)
    time.advance(lifetime)
    upstream.write(Buffer.concat([message.subarray(5), textFrame('late')]))
    const rest = await readUntil(client, 'expired')
    expect(rest).toBe(String(message.subarray(5)) + String(expired))
    client.destroy()
  })

  it('is forced on a page that does not answer', async () => {
    const { client, time, upstream } = await open()
    time.advance(lifetime)
    await readUntil(client, 'expired')
    time.advance(CLOSE_TIMEOUT - 1)
    client.write('still here')
    await once(upstream, 'data')
    time.advance(1)
    await Promise.all([once(client.resume(), 'close'), once(upstream.resume(), 'close')])
    expect(time.pending()).toBe(0)
  })

  it('comes with the end of the server, which waits for the page, and not for ever', async () => {
    const { client, handler, time } = await open()
    const closing = handler.server.close()
    const goodbye = await readUntil(client, 'server closes')
    expect(goodbye).toBe(String(closeFrame(1001, 'server closes')))
    time.advance(CLOSE_TIMEOUT)
    await Promise.all([once(client.resume(), 'close'), closing])
  })

  it('comes before its beginning when the API has yet to take it as the server closes', async () => {
    const handler = await start()
    const { client, upstream } = await beginWebSocket(handler)
    const calledOff = once(upstream.resume(), 'close')
    const answer = readAll(client)
    await handler.server.close()
    expect(parseAnswer(await answer)).toMatchObject({
      status: 503,
      headers: { 'access-control-allow-origin': [origin], 'retry-after': ['10'] },
      body: '{"error_code":"temporarily_unavailable"}',
    })
    await calledOff
  })

  it('comes before its beginning when it is asked for while the server closes', async () => {
    const handler = await start()
    const connected = once(handler.server.server, 'connection')
    const client = openSocket(handler.port)
    await connected
    const { closing } = await beginClosing(handler)
    client.write(requestText('GET', '/api/live', handshakeLines(handler)))
    expect(await readUntil(client, 'temporarily_unavailable')).toMatch(/^HTTP\/1\.1 503 /)
    await Promise.all([once(client.resume(), 'close'), closing])
  })

  it('takes its timer along', async () => {
    const { client, time, upstream } = await open()
    expect(time.pending()).toBe(1)
    client.destroy()
    await once(upstream.resume(), 'close')
    await expect.poll(time.pending, { timeout: 5000 }).toBe(0)
  })
})
