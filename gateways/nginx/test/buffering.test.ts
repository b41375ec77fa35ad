// What nginx holds back with the plugin: nothing that a bare proxy_pass with the same settings would not.
import { readdirSync } from 'node:fs'
import { once } from 'node:events'
import { describe, expect, it } from 'vitest'
import {
  openSocket,
  readAll,
  readUntil,
  requestText,
} from '../../../packages/reference-handler/test/hosts/raw-http.ts'
import { isPluginMissing } from '../src/programs.ts'
import { shareGateway } from '../src/shared-gateway.ts'

const KILOBYTE = 1000
const BODY = 'x'.repeat(100 * KILOBYTE)

/** What nginx says where it puts a body into a file. */
const INTO_A_FILE = /buffered to a temporary file/

describe.skipIf(isPluginMissing())('a body of 100 kB through nginx', () => {
  const gateway = shareGateway()

  /** Files that nginx has put bodies into, and what it says of them. */
  const held = () => {
    const { folder, errorLog } = gateway.gateway
    const files = ['client_body', 'proxy'].flatMap((kind) =>
      readdirSync(`${folder}/${kind}`, { recursive: true, encoding: 'utf8' }),
    )
    return { files, said: INTO_A_FILE.exec(errorLog())?.[0] }
  }
  const nothing = { files: [], said: undefined }

  it('reaches the page part by part, each before the API has sent the next', async () => {
    let sendMore = (_text: string) => {}
    let finish = () => {}
    gateway.answerWith((_request, response) => {
      response.setHeader('content-length', BODY.length)
      sendMore = (text) => void response.write(text)
      finish = () => void response.end()
      sendMore(BODY.slice(0, KILOBYTE))
    })
    const client = openSocket(gateway.port)
    client.write(requestText('GET', '/api', gateway.goodLines))
    let received = (await readUntil(client, '\r\n\r\nx')).split('\r\n\r\n')[1]?.length ?? 0
    for (let sent = KILOBYTE; sent < BODY.length; sent += KILOBYTE) {
      while (received < sent) received += (await once(client, 'data'))[0].length
      sendMore(BODY.slice(sent, sent + KILOBYTE))
    }
    finish()
    await readAll(client)
    expect(held()).toEqual(nothing)
  })

  it('reaches the API part by part, each before the page has sent the next', async () => {
    let received = 0
    gateway.answerWith((request, response) => {
      request.on('data', (chunk) => {
        received += chunk.length
      })
      request.once('end', () => response.end('all'))
    })
    const client = openSocket(gateway.port)
    const lines = [...gateway.goodLines, `Content-Length: ${BODY.length}`]
    client.write(requestText('POST', '/api', lines))
    for (let sent = 0; sent < BODY.length; sent += KILOBYTE) {
      client.write(BODY.slice(sent, sent + KILOBYTE))
      await expect.poll(() => received, { timeout: 30_000, interval: 1 }).toBe(sent + KILOBYTE)
    }
    expect(await readUntil(client, 'all')).toMatch(/^HTTP\/1\.1 200 /)
    expect(held()).toEqual(nothing)
  })

  it('waits at the API, and in no file, for a page that reads nothing', async () => {
    let written = 0
    gateway.answerWith((_request, response) => {
      const write = () => {
        while (response.write(BODY)) written += BODY.length
      }
      response.on('drain', write)
      write()
    })
    const client = openSocket(gateway.port)
    client.write(requestText('GET', '/api', gateway.goodLines))
    await once(client, 'readable')
    // It stops somewhere: what the sockets between hold, and no more.
    let before = -1
    await expect
      .poll(
        () => {
          const isStill = before === written
          before = written
          return isStill
        },
        { timeout: 30_000, interval: 300 },
      )
      .toBe(true)
    expect(held()).toEqual(nothing)
    client.destroy()
  })
})
