// What each runtime does in its own way with requests and answers, and what of it must not show.
import { once } from 'node:events'
import { connect } from 'node:net'
import { buffer, text } from 'node:stream/consumers'
import { gunzipSync, gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readTarget } from '../../packages/reference-handler/src/proxy/target.ts'
import { requestText, sendRaw } from '../../packages/reference-handler/test/hosts/raw-http.ts'
import {
  hostileTargets,
  plainTargets,
} from '../../packages/reference-handler/test/proxy/targets.ts'
import { isMissing } from '../src/binaries.ts'
import { workers } from '../src/hosts.ts'
import {
  accessToken,
  answerTo,
  cookieName,
  origin,
  startWithUpstream,
} from '../src/upstream-fixture.ts'
import type { UpstreamFixture } from '../src/upstream-fixture.ts'

for (const host of workers) {
  describe.skipIf(isMissing(host.runtime))(host.name, () => {
    let fixture: UpstreamFixture
    beforeAll(async () => {
      fixture = await startWithUpstream(host)
    })
    afterAll(() => fixture?.stop())

    it('sends the access token in place of the cookie', async () => {
      fixture.answerWith((_request, response) => response.end('ok'))
      const answer = await answerTo(fixture.send('/api/orders?q=a%2Fb'))
      expect(await text(answer)).toBe('ok')
      const [request] = fixture.received
      expect(request?.url).toBe('/v1/orders?q=a%2Fb')
      expect(request?.headers.authorization).toBe(`Bearer ${accessToken}`)
      expect(request?.headers.cookie).toBeUndefined()
      expect(request?.headers['x-forwarded-host']).toBe('api.app.example')
    })

    it('keeps the length that an answer to HEAD states', async () => {
      fixture.answerWith((_request, response) => {
        response.writeHead(200, { 'content-length': '12345' }).end()
      })
      const answer = await answerTo(fixture.send('/api/orders', { method: 'HEAD' }))
      expect(answer.headers['content-length']).toBe('12345')
      expect(await text(answer)).toBe('')
    })

    it('says no length of an answer without content', async () => {
      fixture.answerWith((_request, response) => {
        response.socket?.end('HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\n')
      })
      const answer = await answerTo(fixture.send('/api/orders'))
      expect(answer.statusCode).toBe(204)
      expect(answer.headers['content-length']).toBeUndefined()
    })

    it('hands compressed answers on so that they can be read, whatever was asked for', async () => {
      const content = 'orders '.repeat(100)
      const seen: unknown[] = []
      fixture.answerWith((request, response) => {
        seen.push(request.headers['accept-encoding'])
        response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(content))
      })
      const headers = { 'accept-encoding': 'gzip' }
      const answer = await answerTo(fixture.send('/api/orders', { headers }))
      const body = await buffer(answer)
      const isEncoded = answer.headers['content-encoding'] === 'gzip'
      expect(String(isEncoded ? gunzipSync(body) : body)).toBe(content)
      expect(seen).toHaveLength(1)
    })

    it('streams uploads, and says nothing of their length that the framing does not', async () => {
      const chunks: string[] = []
      fixture.answerWith((request, response) => {
        request.setEncoding('utf8').on('data', (chunk: string) => chunks.push(chunk))
        request.on('end', () => response.end('done'))
      })
      const request = fixture.send('/api/upload', {
        method: 'POST',
        headers: { 'content-type': 'text/plain', 'transfer-encoding': 'chunked' },
      })
      const response = once(request, 'response')
      request.write('first ')
      await expect.poll(() => chunks.join('')).toBe('first ')
      request.end('second')
      const [answer] = await response
      expect(await text(answer)).toBe('done')
      expect(chunks.join('')).toBe('first second')
      const { headers } = fixture.received[0] ?? {}
      expect(headers?.['content-length'] === undefined).toBe(
        headers?.['transfer-encoding'] !== undefined,
      )
    })

    it('keeps cookies that the API sets apart, and drops those that only the agent may set', async () => {
      fixture.answerWith((_request, response) => {
        response.setHeader('set-cookie', ['a=1; Path=/', `${cookieName}=forged`, 'b=2; Path=/'])
        response.end()
      })
      const answer = await answerTo(fixture.send('/api/orders'))
      expect(answer.headers['set-cookie']).toEqual(['a=1; Path=/', 'b=2; Path=/'])
    })

    it('hands redirects on and follows none', async () => {
      fixture.answerWith((_request, response) => {
        response.writeHead(302, { location: 'https://elsewhere.example/' }).end()
      })
      const answer = await answerTo(fixture.send('/api/orders'))
      expect(answer.statusCode).toBe(302)
      expect(answer.headers.location).toBe('https://elsewhere.example/')
      expect(fixture.received).toHaveLength(1)
    })

    it('cuts an answer off where the API did', async () => {
      let cut = (): void => expect.unreachable('The API has not been asked.')
      fixture.answerWith((_request, response) => {
        response.writeHead(200, { 'content-length': '100' }).write('only this')
        cut = () => void response.destroy()
      })
      const answer = await answerTo(fixture.send('/api/orders'))
      // Not before the head is here: without one there would be another answer.
      cut()
      await expect(text(answer)).rejects.toThrow()
    })

    it('leaves the API when the client leaves', async () => {
      let left = false
      fixture.answerWith((_request, response) => {
        response.writeHead(200, { 'content-type': 'text/event-stream' }).write('data: 1\n\n')
        // workerd finds out with the next piece that is for the client.
        const heartbeat = setInterval(() => response.write(': heartbeat\n\n'), 100)
        response.on('close', () => {
          clearInterval(heartbeat)
          left = true
        })
      })
      const answer = await answerTo(fixture.send('/api/events'))
      await once(answer, 'data')
      answer.destroy()
      await expect.poll(() => left).toBe(true)
    })

    it('answers 502 when the API cannot be reached, and 504 when it takes too long', async () => {
      const unreachable = await answerTo(fixture.send('/away'))
      expect(unreachable.statusCode).toBe(502)
      expect(unreachable.headers['access-control-allow-origin']).toBe(origin)
      expect(await text(unreachable)).toBe('{"error_code":"upstream_error"}')
      fixture.answerWith(() => {})
      const late = await answerTo(fixture.send('/slow'))
      expect(late.statusCode).toBe(504)
      expect(await text(late)).toBe('{"error_code":"upstream_timeout"}')
    })

    it('takes no cookie for ours that is a part of another one’s value', async () => {
      // Another host of the site may choose such a value, and no prefix keeps it from that.
      const planted = `theme=dark, ${cookieName}=${await fixture.seal(60_000)}`
      const answer = await answerTo(fixture.send('/api/orders', { headers: { cookie: planted } }))
      expect(answer.statusCode).toBe(401)
    })

    it('reads two Cookie lines as one, or finds no session in them', async () => {
      fixture.answerWith((_request, response) => response.end('ok'))
      const cookie = `${cookieName}=${await fixture.seal(60_000)}`
      const answer = await sendRaw(
        fixture.host.port,
        requestText('GET', '/api/orders', [
          'Host: api.app.example',
          `Origin: ${origin}`,
          'Token-Handler-Version: 1',
          'Cookie: theme=dark',
          `Cookie: ${cookie}`,
          'Connection: close',
        ]),
      )
      // workerd joins them as it joins other headers, which is no list of cookies.
      expect(answer.status).toBe(host.runtime === 'workerd' ? 401 : 200)
    })

    it('sends to the API only the path that was judged', async () => {
      fixture.answerWith((_request, response) => response.end('ok'))
      const cookie = await fixture.seal(60_000)
      const lines = [
        'Host: api.app.example',
        `Origin: ${origin}`,
        'Token-Handler-Version: 1',
        `Cookie: ${cookieName}=${cookie}`,
        'Connection: close',
      ]
      const answers: unknown[] = []
      for (const [, target] of [...hostileTargets, ...plainTargets]) {
        const before = fixture.received.length
        // A runtime may also close the connection without a word.
        const { status } = await sendRaw(
          fixture.host.port,
          requestText('GET', target, lines),
        ).catch(() => ({ status: 400 }))
        const reached = fixture.received.slice(before).map(({ url = '' }) => url)
        const isSound = reached.every(
          (url) => url.startsWith('/v1') && readTarget(url).kind === 'plain',
        )
        if (!isSound || (status === 200) !== (reached.length === 1)) {
          answers.push({ target, status, reached })
        }
      }
      expect(answers).toEqual([])
      expect(fixture.received.length).toBeGreaterThanOrEqual(plainTargets.length)
    })

    it('outlives a client that sends no HTTP', async () => {
      const socket = connect(fixture.host.port, '127.0.0.1')
      socket.on('error', () => {})
      socket.end('\0\r\n\r\n')
      await once(socket.resume(), 'close')
      fixture.answerWith((_request, response) => response.end('ok'))
      expect((await answerTo(fixture.send('/api/orders'))).statusCode).toBe(200)
    })
  })
}
