// What the agent reads of a request of Node's, beside what it reads of the same request in the form of Fetch.
import { once } from 'node:events'
import { createServer, IncomingMessage } from 'node:http'
import { connect, Socket } from 'node:net'
import type { AddressInfo } from 'node:net'
import * as fc from 'fast-check'
import { describe, expect, it, onTestFinished } from 'vitest'
import { fromFetch } from '../../src/http/plain.ts'
import type { PlainRequest } from '../../src/http/plain.ts'
import { toFetchRequest } from '../../src/hosts/node/fetch-request.ts'
import { readNodeRequest } from '../../src/hosts/node/plain-request.ts'

/** A request as Node's parser leaves it, with no body on its way. */
function incoming(url: string, rawHeaders: readonly string[] = [], method = 'GET') {
  const message = new IncomingMessage(new Socket())
  return Object.assign(message, { method, url, rawHeaders: [...rawHeaders] })
}

function read(make: (message: IncomingMessage) => PlainRequest, message: IncomingMessage) {
  try {
    const { header, host, method, pathname } = make(message)
    const names = message.rawHeaders.flatMap((name, index) => (index % 2 ? [] : [name]))
    const values = names.map((name) => header(name.toLowerCase()))
    return { host, method, pathname, values, absent: header('x-not-there') }
  } catch (error) {
    return String(error)
  }
}

const overFetch = (message: IncomingMessage) => fromFetch(toFetchRequest(message))

const expectSame = (url: string, rawHeaders: readonly string[] = []) =>
  expect(read(readNodeRequest, incoming(url, rawHeaders))).toEqual(
    read(overFetch, incoming(url, rawHeaders)),
  )

describe('a request of Node', () => {
  it.each([
    '/oauth-agent/session',
    '/oauth-agent//session',
    '//oauth-agent/session',
    '/oauth-agent/./session',
    '/oauth-agent/x/../session',
    '/oauth-agent/%2e%2e/session',
    '/oauth-agent/%73ession',
    '/oauth-agent\\session',
    '/oauth-agent/session?a=b#c',
    '/oauth-agent/session/',
    '/oauth-agent/ses\tsion',
    'http://user:password@other.example/oauth-agent/session',
    'http://other.example/oauth-agent/session',
    'http://[/oauth-agent/session',
    '*',
    '',
  ])('has the path and the host that Fetch makes of %j', (url) => {
    expectSame(url, ['Host', 'api.example.com'])
    expectSame(url)
  })

  it('has the path that Fetch makes of any target', () => {
    const part = fc.constantFrom(
      '/',
      '.',
      '..',
      '%2e',
      'a',
      'B-',
      '~_',
      '\\',
      '?',
      '#',
      ';',
      ':',
      'é',
    )
    const target = fc.array(part, { maxLength: 8 }).map((parts) => `/${parts.join('')}`)
    fc.assert(
      fc.property(target, (url) => {
        expectSame(url)
      }),
      { numRuns: 2000 },
    )
  })

  it('has the headers that Fetch makes of its lines, those of cookies and origins too', () => {
    const lines = [
      ['Cookie', 'a=1'],
      ['cookie', 'b=2; c=3'],
      ['COOKIE', 'd=4'],
      ['Origin', 'https://one.example'],
      ['Origin', 'https://two.example'],
      ['Content-Type', 'text/plain'],
      ['Content-Type', 'text/html'],
      ['X-Empty', ''],
      ['Host', 'one.example'],
      ['Host', 'two.example'],
    ]
    expectSame('/oauth-agent/session', lines.flat())
  })
})

/** A server that tells what it has read of each body, of which it takes ten bytes. */
async function startReader() {
  const readings: unknown[] = []
  const server = createServer((request, response) => {
    const read = readNodeRequest(request).readBody(10)
    void read
      .then((body) => body && Buffer.from(body).toString(), String)
      .then((reading) => {
        readings.push(reading)
        response.end('read')
        server.emit('reading')
      })
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1')
  onTestFinished(() => {
    socket.destroy()
    server.close()
  })
  const send = async (text: string, end?: () => void) => {
    const isRead = once(server, 'reading')
    socket.write(`POST /oauth-agent/refresh HTTP/1.1\r\nHost: a\r\n${text}`, end)
    await isRead
    return readings.at(-1)
  }
  return { send, socket }
}

describe('its body', () => {
  it('is read whole, in one piece or several, or not there', async () => {
    const { send } = await startReader()
    expect(await send('\r\n')).toBe('')
    expect(await send('Content-Length: 0\r\n\r\n')).toBe('')
    expect(await send('Content-Length: 3\r\n\r\na=b')).toBe('a=b')
    const chunks = 'Transfer-Encoding: chunked\r\n\r\n3\r\na=b\r\n2\r\n&c\r\n0\r\n\r\n'
    expect(await send(chunks)).toBe('a=b&c')
  })

  it('is given up beyond the limit, and the connection serves on', async () => {
    const { send } = await startReader()
    expect(await send(`Content-Length: 50\r\n\r\n${'x'.repeat(50)}`)).toBeUndefined()
    expect(await send('Content-Length: 10\r\n\r\n0123456789')).toBe('0123456789')
  })

  it('that breaks off is an error', async () => {
    const { send, socket } = await startReader()
    const reading = await send('Content-Length: 9\r\n\r\na=b', () => socket.destroy())
    expect(reading).toContain('broke off')
  })
})
