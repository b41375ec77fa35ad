// TLS to upstreams: own authorities, a certificate of the handler's, and files that change.
import { once } from 'node:events'
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:https'
import type { Server } from 'node:https'
import type { TLSSocket } from 'node:tls'
import { afterEach, describe, expect, it } from 'vitest'
import type { ConfigurationInput } from '../../src/configuration/schema.ts'
import { createCertificate } from '../support/certificates.ts'
import { startHandler } from './handler.ts'
import type { TestHandler } from './handler.ts'
import { requestText, sendRaw } from './raw-http.ts'

const server = createCertificate('localhost')
const client = createCertificate('handler')

const running: (TestHandler | Server)[] = []
afterEach(() => Promise.all(running.splice(0).map(async (one) => void (await one.close()))))

/** An API on https that asks for a certificate, and tells whose it got, and for which name and host. */
async function startApi(): Promise<string> {
  const api = createServer(
    {
      cert: readFileSync(server.certificateFile),
      key: readFileSync(server.keyFile),
      ca: readFileSync(client.certificateFile),
      requestCert: true,
      rejectUnauthorized: false,
    },
    ({ headers, socket }, response) => {
      const { getPeerCertificate, servername } = socket as TLSSocket & { servername: string }
      const { subject } = getPeerCertificate.call(socket)
      response.end(`${String(subject?.CN ?? 'nobody')} ${servername} ${headers.host}`)
    },
  )
  running.push(api)
  await once(api.listen(0, '127.0.0.1'), 'listening')
  const address = api.address()
  return `https://localhost:${typeof address === 'object' ? address?.port : ''}`
}

type Route = NonNullable<ConfigurationInput['routes']>[number]

async function start(route: Partial<Route> = {}) {
  const upstream = await startApi()
  const handler = await startHandler({ routes: [{ path: '/api', upstream, ...route }] })
  running.push(handler)
  return { handler, upstream }
}

const send = ({ port, goodLines }: TestHandler) =>
  sendRaw(port, requestText('GET', '/api/orders', goodLines))

describe('an upstream on https', () => {
  it('whose authority nobody knows is a bad gateway', async () => {
    const { handler } = await start()
    expect((await send(handler)).status).toBe(502)
  })

  it('is trusted by the authority of its route, and sees the certificate of the handler', async () => {
    const tls = { caFile: server.certificateFile, ...client }
    const { handler, upstream } = await start({ tls })
    expect(await send(handler)).toMatchObject({
      status: 200,
      body: `handler localhost ${new URL(upstream).host}`,
    })
  })

  it('is known by its own name, whatever Host it is sent', async () => {
    const tls = { caFile: server.certificateFile }
    const { handler } = await start({ tls, preserveHost: true })
    expect(await send(handler)).toMatchObject({
      status: 200,
      body: 'nobody localhost api.app.example',
    })
  })

  it.each([
    ['that do not exist', { caFile: '/nowhere/ca.pem' }],
    ['that are no pair', { certificateFile: client.certificateFile, keyFile: server.keyFile }],
    ['that are not PEM', { caFile: import.meta.filename }],
  ])('has no server start with files %s', async (_title, tls) => {
    const starting = startHandler({
      routes: [{ path: '/api', upstream: 'https://localhost:1', tls }],
    })
    await expect(starting).rejects.toThrow(/routes\[0\]\.tls .*names a file that cannot be read/)
  })

  it('goes on with the files that were read, when they become unreadable', async () => {
    const caFile = `${server.certificateFile}.copy`
    copyFileSync(server.certificateFile, caFile)
    const { handler } = await start({ tls: { caFile } })
    expect((await send(handler)).status).toBe(200)
    writeFileSync(caFile, 'damaged')
    expect((await send(handler)).status).toBe(200)
  })
})
