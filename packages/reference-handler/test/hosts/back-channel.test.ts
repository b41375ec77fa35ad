// The back channel over real connections: interim answers that nobody asked for, and certificates.
import { once } from 'node:events'
import { copyFileSync, readFileSync, rmSync } from 'node:fs'
import { createServer as createTlsServer } from 'node:https'
import { createServer } from 'node:net'
import type { AddressInfo, Server, Socket } from 'node:net'
import { setImmediate } from 'node:timers/promises'
import { TLSSocket } from 'node:tls'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { createNodeFetch } from '../../src/hosts/node/node-fetch.ts'
import { createCertificate } from '../support/certificates.ts'

const CONTINUE = 'HTTP/1.1 100 Continue\r\n\r\n'
const HINTS = 'HTTP/1.1 103 Early Hints\r\nLink: </style.css>; rel=preload\r\n\r\n'
const PROCESSING = 'HTTP/1.1 102 Processing\r\n\r\n'
const TOKENS = '{"access_token":"a"}'
const FINAL = `HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: ${TOKENS.length}\r\n\r\n${TOKENS}`

const servers: Server[] = []
const sockets = new Set<Socket>()
afterEach(() => {
  vi.unstubAllEnvs()
  for (const socket of sockets) socket.destroy()
  sockets.clear()
  for (const server of servers.splice(0)) server.close()
})

/** A server that writes bytes for each whole request; `CONNECT` opens a tunnel to itself. */
async function startRaw(write: (socket: Socket) => void) {
  const requests: string[] = []
  const server = createServer((socket) => {
    sockets.add(socket.on('error', () => {}))
    let received = ''
    socket.on('data', (chunk) => {
      received += String(chunk)
      if (received.startsWith('CONNECT')) {
        received = ''
        socket.write('HTTP/1.1 200 OK\r\n\r\n')
      } else if (received.endsWith('code=c')) {
        requests.push(received)
        received = ''
        write(socket)
      }
    })
  })
  servers.push(server)
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const { port } = server.address() as AddressInfo
  return { origin: `http://127.0.0.1:${port}`, requests }
}

const tokenRequest = {
  method: 'POST',
  headers: { accept: 'application/json' },
  body: new URLSearchParams({ code: 'c' }),
  redirect: 'manual',
} as const

describe('a token request whose answer begins with an interim one', () => {
  it.each([
    ['100', CONTINUE],
    ['100 twice', CONTINUE + CONTINUE],
    ['102', PROCESSING],
    ['103', HINTS],
    ['103 and 100', HINTS + CONTINUE],
  ])('is sent once and gets its tokens: %s', async (_title, interim) => {
    const { origin, requests } = await startRaw((socket) => void socket.write(interim + FINAL))
    const send = createNodeFetch()
    for (const count of [1, 2]) {
      const response = await send(`${origin}/token`, tokenRequest)
      expect(response.status).toBe(200)
      expect(await response.text()).toBe(TOKENS)
      expect(requests).toHaveLength(count)
    }
  })

  it('is understood however its bytes are cut', async () => {
    async function writeSlowly(socket: Socket): Promise<void> {
      socket.setNoDelay(true)
      for (const byte of CONTINUE + HINTS + FINAL) {
        socket.write(byte)
        await setImmediate()
      }
    }
    const { origin, requests } = await startRaw((socket) => void writeSlowly(socket))
    const response = await createNodeFetch()(`${origin}/token`, tokenRequest)
    expect(await response.text()).toBe(TOKENS)
    expect(requests).toHaveLength(1)
  })

  it('is sent once through the proxy of the environment, too', async () => {
    const { origin, requests } = await startRaw((socket) => void socket.write(CONTINUE + FINAL))
    vi.stubEnv('HTTP_PROXY', origin)
    const response = await createNodeFetch()('http://login.idp.invalid/token', tokenRequest)
    expect(await response.text()).toBe(TOKENS)
    expect(requests).toHaveLength(1)
  })

  it('is not sent again when its connection breaks: the code may be used up', async () => {
    const { origin, requests } = await startRaw((socket) => {
      socket.write(CONTINUE)
      socket.destroy()
    })
    await expect(createNodeFetch()(`${origin}/token`, tokenRequest)).rejects.toThrow()
    expect(requests).toHaveLength(1)
  })
})

describe('a request with TLS files', () => {
  /** A server that answers with the name in the certificate that it is shown. */
  async function startTls(certificate: ReturnType<typeof createCertificate>) {
    const server = createTlsServer(
      {
        cert: readFileSync(certificate.certificateFile),
        key: readFileSync(certificate.keyFile),
        requestCert: true,
        rejectUnauthorized: false,
      },
      ({ socket }, response) => {
        const peer = socket instanceof TLSSocket ? socket.getPeerCertificate() : undefined
        response.end(String(peer?.subject?.CN ?? 'nobody'))
      },
    )
    server.on('connection', (socket: Socket) => sockets.add(socket))
    servers.push(server)
    await once(server.listen(0, '127.0.0.1'), 'listening')
    return `https://localhost:${(server.address() as AddressInfo).port}/token`
  }

  const get = { method: 'GET', headers: {}, redirect: 'manual' } as const

  it('shows the certificate, trusts the authority, and is nobody without them', async () => {
    const [server, client] = [createCertificate('localhost'), createCertificate('handler')]
    const url = await startTls(server)
    const send = createNodeFetch()
    const caFile = server.certificateFile
    const body = async (tls: object) => await (await send(url, { ...get, tls })).text()
    expect(await body({ caFile, ...client })).toBe('handler')
    expect(await body({ caFile })).toBe('nobody')
    await expect(send(url, get)).rejects.toThrow()
  })

  it('uses a certificate that was renewed with the next request, and the one before while there is none', async () => {
    const server = createCertificate('localhost')
    const [before, after] = [createCertificate('before'), createCertificate('after')]
    const url = await startTls(server)
    const warnings: string[] = []
    const send = createNodeFetch({ warn: (_fields, message) => void warnings.push(message) })
    const tls = { caFile: server.certificateFile, ...before }
    const body = async () => await (await send(url, { ...get, tls })).text()
    expect(await body()).toBe('before')
    copyFileSync(after.certificateFile, before.certificateFile)
    copyFileSync(after.keyFile, before.keyFile)
    expect(await body()).toBe('after')
    rmSync(before.keyFile)
    expect(await body()).toBe('after')
    expect(warnings).toEqual([expect.stringContaining('continuing with the ones read before')])
  })
})
