// WebSockets through each runtime: relayed both ways, closed with a reason, and no longer than the access token lives.
import { once } from 'node:events'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import type { RawData } from 'ws'
import { isMissing } from '../src/binaries.ts'
import { workers } from '../src/hosts.ts'
import { accessToken, cookieName, origin, startWithUpstream } from '../src/upstream-fixture.ts'
import type { UpstreamFixture } from '../src/upstream-fixture.ts'

/** Messages of ws arrive as one buffer, unless it is asked for fragments. */
const textOf = (data: RawData): string => (Buffer.isBuffer(data) ? data.toString() : '')

for (const host of workers) {
  describe.skipIf(isMissing(host.runtime))(host.name, () => {
    let fixture: UpstreamFixture
    beforeAll(async () => {
      fixture = await startWithUpstream(host)
    })
    afterAll(() => fixture?.stop())

    /** A WebSocket as a page of an origin opens it. */
    async function begin(options: { from?: string; lifetime?: number; path?: string } = {}) {
      const { from = origin, lifetime = 60_000, path = '/api/live' } = options
      const cookie = `${cookieName}=${await fixture.seal(lifetime)}`
      const url = `ws://127.0.0.1:${fixture.host.port}${path}`
      return new WebSocket(url, ['orders'], {
        headers: { cookie, origin: from, host: 'api.app.example' },
      })
    }

    /** Opens one; resolves with both ends, and the request that the API got. */
    async function open(options: Parameters<typeof begin>[0] = {}) {
      const connected = once(fixture.sockets, 'connection')
      const client = await begin(options)
      const messages: unknown[] = []
      client.on('message', (data, isBinary) => messages.push(isBinary ? data : textOf(data)))
      await once(client, 'open')
      const [upstream, request] = await connected
      return { client, messages, upstream: upstream as WebSocket, request }
    }

    it('relays texts and bytes both ways, with the subprotocol that the API chose', async () => {
      const { client, messages, request, upstream } = await open()
      expect(client.protocol).toBe('orders')
      expect(request.headers.authorization).toBe(`Bearer ${accessToken}`)
      expect(request.headers.cookie).toBeUndefined()
      const received: unknown[] = []
      upstream.on('message', (data, isBinary) => received.push(isBinary ? data : textOf(data)))
      client.send('to the API')
      client.send(Buffer.from([0, 255, 1]))
      upstream.send('to the page')
      upstream.send(Buffer.from([1, 128, 0]))
      await expect.poll(() => received).toEqual(['to the API', Buffer.from([0, 255, 1])])
      await expect.poll(() => messages).toEqual(['to the page', Buffer.from([1, 128, 0])])
      client.terminate()
    })

    it('loses nothing that the API says at once', async () => {
      fixture.sockets.once('connection', (socket: WebSocket) => socket.send('welcome'))
      const { client, messages } = await open()
      await expect.poll(() => messages).toEqual(['welcome'])
      client.terminate()
    })

    it('tells the page that its access token has expired, and the API that it is over', async () => {
      const { client, upstream } = await open({ lifetime: 1500 })
      const [[code, reason]] = await Promise.all([once(client, 'close'), once(upstream, 'close')])
      expect(code).toBe(4401)
      expect(String(reason)).toBe('access token expired')
    })

    it('hands on how each end closed', async () => {
      const first = await open()
      const closedHere = once(first.client, 'close')
      first.upstream.close(4000, 'maintenance')
      const [code, reason] = await closedHere
      expect([code, String(reason)]).toEqual([4000, 'maintenance'])
      const second = await open()
      const closedThere = once(second.upstream, 'close')
      second.client.close(4001, 'left')
      expect((await closedThere)[0]).toBe(4001)
    })

    it('closes the other end when one is lost', async () => {
      const first = await open()
      const closedThere = once(first.upstream, 'close')
      first.client.terminate()
      await closedThere
      const second = await open()
      const closedHere = once(second.client, 'close')
      second.upstream.terminate()
      await closedHere
    })

    it('opens none for an untrusted origin, an expired token, or a route without WebSockets', async () => {
      const statusOf = async (socket: WebSocket): Promise<unknown> => {
        const [, response] = await once(socket, 'unexpected-response')
        socket.on('error', () => {})
        socket.terminate()
        return response.statusCode
      }
      expect(await statusOf(await begin({ from: 'https://evil.example' }))).toBe(403)
      expect(await statusOf(await begin({ lifetime: -1000 }))).toBe(401)
      expect(await statusOf(await begin({ path: '/api/orders' }))).toBe(400)
      expect(await statusOf(await begin({ path: '/away' }))).toBe(400)
    })

    it('opens no more than server.maxWebSockets at a time', async () => {
      const opened = [await open(), await open(), await open()]
      const one = await begin()
      one.on('error', () => {})
      const [, response] = await once(one, 'unexpected-response')
      expect(response.statusCode).toBe(503)
      one.terminate()
      for (const { client } of opened) client.close()
      await expect.poll(async () => await opensAgain()).toBe(true)
    })

    async function opensAgain(): Promise<boolean> {
      const socket = await begin()
      socket.on('error', () => {})
      const isOpen = await Promise.race([
        once(socket, 'open').then(() => true),
        once(socket, 'unexpected-response').then(() => false),
      ])
      socket.terminate()
      return isOpen
    }
  })
}
