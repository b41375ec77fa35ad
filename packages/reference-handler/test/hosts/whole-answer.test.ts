// Answers of the back channel on Node, read as a whole: what they are like, and what ends them.
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { RequestListener, Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib'
import { afterEach, describe, expect, it } from 'vitest'
import { createNodeFetch } from '../../src/hosts/node/node-fetch.ts'

const TOKENS = '{"access_token":"a"}'

const servers: Server[] = []
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections()
    server.close()
  }
})

async function start(answer: RequestListener): Promise<string> {
  const server = createServer(answer)
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
    ['gzip', gzipSync(TOKENS)],
    ['deflate', deflateSync(TOKENS)],
    ['br', brotliCompressSync(TOKENS)],
  ])('asks for no content coding, and undoes %s', async (coding, bytes) => {
    let accepted: unknown
    const url = await start((request, response) => {
      accepted = request.headers['accept-encoding']
      response.writeHead(200, { 'content-encoding': coding }).end(bytes)
    })
    expect(await post(url)).toMatchObject({ status: 200, text: TOKENS })
    expect(accepted).toBe('identity')
  })

  it.each([
    ['that is unknown', 'secret', Buffer.from(TOKENS)],
    ['of something else', 'gzip', Buffer.from(TOKENS)],
    ['of more than anybody needs', 'gzip', gzipSync(Buffer.alloc(20_000_000))],
  ])('refuses a content coding %s', async (_, coding, bytes) => {
    const url = await start((_request, response) => {
      response.writeHead(200, { 'content-encoding': coding }).end(bytes)
    })
    await expect(post(url)).rejects.toThrow('fetch failed')
  })

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
    const url = await start((request) => request.socket.destroy())
    await expect(post(url)).rejects.toThrow(new TypeError('fetch failed'))
  })
})
