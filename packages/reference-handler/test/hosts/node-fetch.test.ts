// The `fetch` of the Node host: how it finds local names, and what it hands on.
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { Server } from 'node:http'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
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
