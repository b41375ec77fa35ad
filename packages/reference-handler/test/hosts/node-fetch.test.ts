// The `fetch` of the Node host: how it finds local names, and what it hands on.
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { Server } from 'node:http'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { createNodeFetch } from '../../src/hosts/node/node-fetch.ts'
import { lookupHost } from '../../src/hosts/node/local-names.ts'

let server: Server
let port: number
beforeAll(async () => {
  server = createServer((request, response) => {
    if (request.url === '/empty') response.writeHead(204).end()
    else if (request.url === '/moved') response.writeHead(302, { location: '/' }).end()
    else response.setHeader('x-host', request.headers.host ?? '').end('{"ok":true}')
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const address = server.address()
  port = typeof address === 'object' && address !== null ? address.port : 0
})
afterAll(() => {
  server.closeAllConnections()
  server.close()
})

const get = (host: string, path = '/') =>
  createNodeFetch()(`http://${host}:${port}${path}`, {
    method: 'GET',
    headers: {},
    redirect: 'manual',
  })

describe('the fetch of the Node host', () => {
  it.each(['localhost', 'login.idp.localhost', 'LOGIN.LOCALHOST', '127.0.0.1'])(
    'finds %s on this machine',
    async (host) => {
      const response = await get(host)
      expect(response).toBeInstanceOf(Response)
      expect(response.headers.get('x-host')).toBe(`${host.toLowerCase()}:${port}`)
      expect(await response.json()).toEqual({ ok: true })
    },
  )

  it('gives answers without a body, and follows no redirect', async () => {
    expect((await get('localhost', '/empty')).body).toBeNull()
    expect((await get('localhost', '/moved')).status).toBe(302)
  })

  it('leaves all other names to the resolver', async () => {
    const address = await new Promise((resolve) => {
      lookupHost('127.0.0.2', { all: false }, (_error, found) => resolve(found))
    })
    expect(address).toBe('127.0.0.2')
  })
})

describe('a proxy of the environment', () => {
  let outgoing: Server
  let connects: string[] = []
  beforeAll(async () => {
    outgoing = createServer((request, response) => {
      connects.push(request.url ?? '')
      response.writeHead(502).end()
    })
    outgoing.on('connect', (request, socket) => {
      connects.push(request.url ?? '')
      socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n')
    })
    await once(outgoing.listen(0, '127.0.0.1'), 'listening')
  })
  afterAll(() => {
    outgoing.close()
  })
  afterEach(() => {
    connects = []
    vi.unstubAllEnvs()
  })

  const init = { method: 'GET', headers: {}, redirect: 'manual' } as const
  const proxyUrl = () => {
    const address = outgoing.address()
    return `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`
  }

  it.each(['HTTPS_PROXY', 'https_proxy', 'HTTP_PROXY'])('is used: %s', async (name) => {
    vi.stubEnv(name, proxyUrl())
    await expect(createNodeFetch()('https://login.idp.invalid/', init)).rejects.toThrow()
    expect(connects).toEqual(['login.idp.invalid:443'])
  })

  it('is not used for hosts of NO_PROXY, nor for this machine', async () => {
    vi.stubEnv('HTTP_PROXY', proxyUrl())
    vi.stubEnv('HTTPS_PROXY', proxyUrl())
    vi.stubEnv('NO_PROXY', 'idp.invalid')
    await expect(createNodeFetch()('https://idp.invalid/', init)).rejects.toThrow()
    expect((await get('localhost')).status).toBe(200)
    expect(connects).toEqual([])
  })

  it('that is no URL is named', () => {
    vi.stubEnv('HTTPS_PROXY', 'not a url')
    expect(createNodeFetch).toThrow('HTTPS_PROXY')
  })
})
