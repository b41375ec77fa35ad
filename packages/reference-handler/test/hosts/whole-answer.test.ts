// Answers of the back channel on Node, read as a whole: what they are like, and what ends them.
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { RequestListener, Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Readable } from 'node:stream'
import {
  brotliCompressSync,
  deflateRawSync,
  deflateSync,
  gzipSync,
  zstdCompressSync,
} from 'node:zlib'
import { afterEach, describe, expect, it } from 'vitest'
import { createNodeFetch } from '../../src/hosts/node/node-fetch.ts'
import { UnusableAnswer } from '../../src/oauth-client/safe-errors.ts'

const TOKENS = '{"access_token":"a"}'
const LIMIT = 16 * 1024 * 1024

const servers: Server[] = []
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections()
    server.close()
  }
})

type Answer = (...exchange: Parameters<RequestListener>) => void | Promise<void>

async function start(answer: Answer): Promise<string> {
  const server = createServer((request, response) => void answer(request, response))
  servers.push(server)
  await once(server.listen(0, '127.0.0.1'), 'listening')
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/token?a=b`
}

const { whole } = createNodeFetch()
const post = (url: string, more: { readonly signal?: AbortSignal } = {}) => {
  const body = new URLSearchParams({ code: 'c' })
  const headers = { 'content-type': 'application/x-www-form-urlencoded' }
  return whole?.(url, { method: 'POST', headers, body, redirect: 'manual', ...more })
}

describe('the back channel on Node', () => {
  it('sends the form, and hands on status, header lines and text', async () => {
    const sent: string[] = []
    const url = await start(async (request, response) => {
      sent.push(`${request.method} ${request.url}`, String(await request.toArray()))
      sent.push(String(request.headers['content-length']))
      response.writeHead(400, { 'x-two': ['a', 'b'], 'dpop-nonce': 'n' })
      response.end(`\uFEFF${TOKENS}`)
    })
    expect(await post(url)).toMatchObject({
      status: 400,
      headers: { 'x-two': 'a, b', 'dpop-nonce': 'n' },
      text: TOKENS,
    })
    expect(sent).toEqual(['POST /token?a=b', 'code=c', '6'])
  })

  it('follows no redirect', async () => {
    let requests = 0
    const url = await start((_request, response) => {
      requests += 1
      response.writeHead(307, { location: '/elsewhere' }).end()
    })
    expect(await post(url)).toMatchObject({ status: 307, headers: { location: '/elsewhere' } })
    expect(requests).toBe(1)
  })

  it.each([
    ['gzip', 'gzip', gzipSync(TOKENS)],
    ['gzip by its old name, in capitals', 'X-GZIP', gzipSync(TOKENS)],
    ['gzip without its checksum and length', 'gzip', gzipSync(TOKENS).subarray(0, -8)],
    ['deflate', 'deflate', deflateSync(TOKENS)],
    ['deflate without the header of zlib', 'deflate', deflateRawSync(TOKENS)],
    ['brotli', 'br', brotliCompressSync(TOKENS)],
    ['zstd', 'zstd', zstdCompressSync(TOKENS)],
    ['two codings, the last first', 'gzip, br', brotliCompressSync(gzipSync(TOKENS))],
  ])('asks for no content coding, and undoes %s', async (_, coding, bytes) => {
    let accepted: unknown
    const url = await start((request, response) => {
      accepted = request.headers['accept-encoding']
      response.writeHead(200, { 'content-encoding': coding }).end(bytes)
    })
    expect(await post(url)).toMatchObject({ status: 200, text: TOKENS })
    expect(accepted).toBe('identity')
  })

  it.each(['utf-8', 'none', 'aws-chunked', 'identity', '', 'gzip, secret'])(
    'leaves an answer as it is whose content coding is "%s", as Fetch does',
    async (coding) => {
      const url = await start((_request, response) => {
        response.writeHead(200, { 'content-encoding': coding }).end(TOKENS)
      })
      expect(await post(url)).toMatchObject({ status: 200, text: TOKENS })
    },
  )

  it.each([
    ['codings of something else', 'gzip'],
    ['more codings than Fetch takes', 'gzip, gzip, gzip, gzip, gzip, gzip'],
  ])('refuses %s', async (_, coding) => {
    const url = await start((_request, response) => {
      response.writeHead(200, { 'content-encoding': coding }).end(TOKENS)
    })
    await expect(post(url)).rejects.toThrow(new TypeError('fetch failed'))
  })

  it('takes an answer of 16 MiB', async () => {
    const url = await start((_request, response) => void response.end(Buffer.alloc(LIMIT, ' ')))
    expect((await post(url))?.text).toHaveLength(LIMIT)
  })

  it.each([
    ['as it is', {}, Buffer.alloc(LIMIT + 1)],
    ['decoded', { 'content-encoding': 'gzip' }, gzipSync(Buffer.alloc(LIMIT + 1))],
  ])('refuses an answer of more than 16 MiB %s, and says so', async (_, headers, bytes) => {
    const url = await start(
      (_request, response) => void response.writeHead(200, headers).end(bytes),
    )
    await expect(post(url)).rejects.toThrow(new UnusableAnswer('it has more than 16 MiB.'))
  })

  it('reads no further than 16 MiB of an answer without end', async () => {
    let closed: Promise<unknown> | undefined
    const url = await start((_request, response) => {
      closed = once(response, 'close')
      const endless = new Readable({ read: () => void endless.push(Buffer.alloc(65_536)) })
      endless.pipe(response.writeHead(200))
    })
    await expect(post(url)).rejects.toThrow(UnusableAnswer)
    await closed
  })

  it('accepts anything, unless the request says what', async () => {
    const accepted: unknown[] = []
    const url = await start(({ rawHeaders }, response) => {
      const names = rawHeaders.map((name) => name.toLowerCase())
      accepted.push(rawHeaders.filter((_value, index) => names[index - 1] === 'accept'))
      response.end()
    })
    const all = [{}, { accept: 'application/json' }, { Accept: 'text/html' }]
    for (const headers of all) await whole?.(url, { method: 'GET', headers, redirect: 'manual' })
    expect(accepted).toEqual([['*/*'], ['application/json'], ['text/html']])
  })

  it.each(['user:secret@', 'user@', ':secret@'])(
    'sends nothing to a URL with credentials, and does not quote them: %s',
    async (credentials) => {
      let requests = 0
      const url = await start((_request, response) => {
        requests += 1
        response.end()
      })
      const refused = post(url.replace('//', `//${credentials}`))
      await expect(refused).rejects.toThrow(new TypeError('The URL has credentials.'))
      expect(requests).toBe(0)
    },
  )

  it('ends when its time is over, before the answer and amid it', async () => {
    const reason = new DOMException('The time is over.', 'TimeoutError')
    for (const begin of [false, true]) {
      const abort = new AbortController()
      let closed: Promise<unknown> | undefined
      const url = await start((_request, response) => {
        closed = once(response, 'close')
        if (begin) response.writeHead(200).write('{"acc')
        setImmediate(() => abort.abort(reason))
      })
      await expect(post(url, { signal: abort.signal })).rejects.toBe(reason)
      await closed
    }
    const over = AbortSignal.abort(reason)
    await expect(post('http://127.0.0.1:9/', { signal: over })).rejects.toBe(reason)
  })

  it('tells of a connection that is cut as Fetch does', async () => {
    const url = await start((request) => void request.socket.destroy())
    await expect(post(url)).rejects.toThrow(new TypeError('fetch failed'))
  })
})
