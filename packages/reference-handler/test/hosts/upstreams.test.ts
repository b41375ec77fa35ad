// How connections to upstreams are kept: fresh ones where old ones are dead, too old, or lead elsewhere.
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { RequestListener, Server } from 'node:http'
import type { LookupFunction } from 'node:net'
import { setImmediate } from 'node:timers/promises'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { createUpstreams } from '../../src/hosts/node/upstreams.ts'
import type { Upstreams, UpstreamsOptions } from '../../src/hosts/node/upstreams.ts'
import { noLog } from '../support/no-log.ts'

const servers: Server[] = []
const created: Upstreams[] = []
afterEach(async () => {
  await Promise.all(created.splice(0).map((upstreams) => upstreams.destroy()))
  for (const server of servers.splice(0)) {
    server.closeAllConnections()
    server.close()
  }
})

async function listen(listener: RequestListener, host = '127.0.0.1', port = 0): Promise<number> {
  const server = createServer(listener)
  servers.push(server)
  await once(server.listen(port, host), 'listening')
  const address = server.address()
  return typeof address === 'object' && address !== null ? address.port : 0
}

function create(options: Partial<UpstreamsOptions> = {}): Upstreams {
  const upstreams = createUpstreams({ maxAge: 300, now: () => 0, log: noLog, ...options })
  created.push(upstreams)
  return upstreams
}

/** Sends a GET; resolves with the body of the answer, when its connection can be used again. */
async function get(send: Upstreams['dispatch'], origin: string, path = '/'): Promise<string> {
  const body = await new Promise<string>((resolve, reject) => {
    let body = ''
    send(
      { origin },
      { method: 'GET', path },
      {
        onRequestStart() {},
        onResponseStart() {},
        onResponseData: (_controller, chunk) => void (body += chunk.toString()),
        onResponseEnd: () => resolve(body),
        onResponseError: (_controller, error) => reject(error),
      },
    )
  })
  await setImmediate()
  await setImmediate()
  return body
}

const sayPort: RequestListener = ({ socket }, response) => void response.end(`${socket.remotePort}`)

describe('a connection to an upstream', () => {
  it('is used again, but not for a request that needs one of its own', async () => {
    const origin = `http://127.0.0.1:${await listen(sayPort)}`
    const { dispatch, dispatchAlone } = create()
    const first = await get(dispatch, origin)
    const alone = await get(dispatchAlone, origin)
    expect(await get(dispatch, origin)).toBe(first)
    expect(alone).not.toBe(first)
    expect(await get(dispatchAlone, origin)).not.toBe(alone)
  })

  it('is closed after the only request that it was opened for', async () => {
    const connections: string[] = []
    const port = await listen(({ headers }, response) => {
      connections.push(String(headers.connection))
      response.end()
    })
    await get(create().dispatchAlone, `http://127.0.0.1:${port}`)
    expect(connections).toEqual(['close'])
  })

  it('gets no request beyond its age, and finishes the one that it has', async () => {
    let now = 0
    const held: (() => void)[] = []
    const port = await listen((request, response) => {
      if (request.url === '/slow') held.push(() => sayPort(request, response))
      else sayPort(request, response)
    })
    const origin = `http://127.0.0.1:${port}`
    const { dispatch } = create({ maxAge: 60, now: () => now })
    const first = await get(dispatch, origin)
    now = 59_999
    expect(await get(dispatch, origin)).toBe(first)
    const slow = get(dispatch, origin, '/slow')
    await vi.waitUntil(() => held.length === 1)
    now = 60_000
    const next = await get(dispatch, origin)
    expect(next).not.toBe(first)
    expect(await get(dispatch, origin)).toBe(next)
    held[0]?.()
    expect(await slow).toBe(first)
  })

  it('gets no further request when the name of the upstream has another address', async () => {
    let now = 0
    let address = '127.0.0.1'
    const lookups: string[] = []
    const lookup: LookupFunction = (hostname, { all }, callback) => {
      lookups.push(hostname)
      if (all) callback(null, [{ address, family: 4 }])
      else callback(null, address, 4)
    }
    const say =
      (name: string): RequestListener =>
      (_request, response) =>
        void response.end(name)
    const port = await listen(say('old'))
    await listen(say('new'), '127.0.0.2', port)
    const { dispatch } = create({ now: () => now, lookup })
    const ask = () => get(dispatch, `http://orders.test:${port}`)
    expect(await ask()).toBe('old')
    address = '127.0.0.2'
    now = 4999
    expect(await ask()).toBe('old')
    expect(lookups).toHaveLength(1)
    now = 5000
    // This one goes where it went; it only has the name looked up.
    await ask()
    expect(await ask()).toBe('new')
    expect(lookups.length).toBeGreaterThan(1)
  })

  it('stays in use while its name cannot be looked up, or has further addresses', async () => {
    let now = 0
    let answer: 'failure' | 'more' = 'more'
    const lookup: LookupFunction = (_hostname, { all }, callback) => {
      const known = { address: '127.0.0.1', family: 4 }
      if (answer === 'failure') callback(new Error('SERVFAIL'), '', 4)
      else if (all) callback(null, [{ address: '::1', family: 6 }, known])
      else callback(null, known.address, 4)
    }
    const port = await listen(sayPort, '127.0.0.1')
    const { dispatch } = create({ now: () => now, lookup })
    const ask = () => get(dispatch, `http://orders.test:${port}`)
    const first = await ask()
    for (const next of ['failure', 'more'] as const) {
      answer = next
      now += 6000
      expect(await ask()).toBe(first)
      expect(await ask()).toBe(first)
    }
  })
})
