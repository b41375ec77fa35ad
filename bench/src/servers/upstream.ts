// The API behind all proxies: answers at once, so that what is measured is the proxy.
import { createServer } from 'node:http'
import { announce, optionalSetting } from './announce.ts'
import { createMisbehaviour } from './misbehaviour.ts'

const bodies = new Map(
  [1, 100].map((kilobytes) => [`/${kilobytes}k`, jsonOfSize(kilobytes * 1000)]),
)

function jsonOfSize(bytes: number): Buffer {
  const frame = '{"text":""}'
  return Buffer.from(`{"text":"${'x'.repeat(bytes - frame.length)}"}`)
}

const misbehave = createMisbehaviour(Number(optionalSetting('FAILURE_RATE') ?? 0))

const server = createServer((request, response) => {
  if (misbehave(request, response)) return
  const body = bodies.get(request.url?.replace(/^\/api/, '') ?? '')
  request.resume()
  if (body === undefined) response.writeHead(404).end()
  else {
    const headers = {
      'content-type': 'application/json',
      'content-length': body.length,
      'cache-control': 'private, no-cache',
      etag: '"6f1ed002ab5595859014ebf0951522d9"',
    }
    response.writeHead(200, headers).end(body)
  }
})
server.keepAliveTimeout = 60_000
server.listen(0, '127.0.0.1', () => announce(server.address()))
